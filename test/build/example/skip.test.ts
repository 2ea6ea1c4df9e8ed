import { expect, test } from 'vitest'
import { regexPattern, textPattern } from '../../../build/example/pattern.ts'
import { skipFor } from '../../../build/example/skip.ts'

const none = skipFor({}, 'app')

test.each([
  'node_modules/left-pad/index.js',
  'apps/web/.next/cache',
  '.git/HEAD',
  'dist/main.js',
  'package-lock.json',
  'Gemfile.lock',
  '.env',
  'server/.env.local',
  'public/logo.PNG',
  'a/.DS_Store',
  `${'long/'.repeat(60)}x.ts`,
])('skipFor() leaves out %s without being told', (path) => expect(none(path)).toBe(true))

test.each([
  '.env.example',
  'src/build.ts',
  'app/distance.ts',
  'src/locker.ts',
  'README.md',
  'app/(home)/[id]/page.tsx',
])('skipFor() keeps %s', (path) => expect(none(path)).toBe(false))

test('skipFor() takes includes as parts of a path, with * inside a segment and ** across', () => {
  const skip = skipFor({ global: { includes: ['.css', '/test/', 'ios/*.xcworkspace', 'a/**/z'] } }, 'app')
  for (const path of ['x/main.css', 'src/test/a.ts', 'ios/App.xcworkspace/data', 'a/b/c/z.ts'])
    expect(skip(path), path).toBe(true)
  for (const path of ['test/a.ts', 'ios/sub/App.xcworkspace', 'cascade.ts'])
    expect(skip(path), path).toBe(false)
})

test('skipFor() takes regular expressions over the path inside the app, folders too', () => {
  const skip = skipFor({ regex: ['^tests?[/\\\\]', '^.cfg(?!\\.example$)', '^internal$'] }, 'app')
  expect(['tests/a.ts', '.cfg', 'internal/a.ts'].map(skip)).toEqual([true, true, true])
  expect(['src/tests/a.ts', '.cfg.example', 'src/internal.ts'].map(skip)).toEqual([false, false, false])
})

test('skipFor() lets allow win, but not below a folder that is left out', () => {
  const skip = skipFor({ includes: ['.yml', 'generated'], allow: ['project.yml', '.env'] }, 'app')
  expect(skip('project.yml')).toBe(false)
  expect(skip('.env')).toBe(false)
  expect(skip('ci.yml')).toBe(true)
  expect(skip('generated/project.yml')).toBe(true)
})

test('skipFor() adds what holds for one app, by its folder name', () => {
  const patterns = {
    global: { includes: ['.xml'] },
    examples: { android: { includes: ['lint'] }, empty: null },
  }
  expect(skipFor(patterns, 'android')('app/lint.gradle')).toBe(true)
  expect(skipFor(patterns, 'ios')('app/lint.gradle')).toBe(false)
  expect(skipFor(patterns, 'empty')('a.xml')).toBe(true)
})

test.each(['(a+)+$', '(a|a)*b', '((x|y)z)+', '(a)\\1', '.*.*.*x', '(?:a*){2,}', '('])(
  'regexPattern() refuses %s, which a path could keep busy or nobody can read',
  (source) => expect(regexPattern(source)).toHaveProperty('problem'),
)

test.each([
  '^.env(?!\\.example$)',
  '^tests?[/\\\\]',
  '(^|/)__tests__/',
  '\\.(test|spec)\\.tsx?$',
  '^(.*/)?fixtures/',
  '[(*+|]',
])('regexPattern() takes %s', (source) => expect(regexPattern(source)).not.toHaveProperty('problem'))

test('textPattern() takes every character but * as it is', () => {
  const pattern = textPattern('app/[id]/(x)+*.ts')
  expect('matches' in pattern && pattern.matches('app/[id]/(x)+page.ts')).toBe(true)
  expect('matches' in pattern && pattern.matches('app/i/xpage.ts')).toBe(false)
})
