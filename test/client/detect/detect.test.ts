import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { detect } from '../../../client/detect/detect.ts'
import { FRAMEWORKS, MANIFESTS } from '../../../client/detect/frameworks.ts'
import { EXIT } from '../../../schemas/cli.ts'
import { frameworkName } from '../../../schemas/ids.ts'

const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

async function app(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mill-detect-'))
  folders.push(folder)
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return folder
}

const pack = (...dependencies: string[]) =>
  JSON.stringify({ name: 'shop', dependencies: Object.fromEntries(dependencies.map((name) => [name, '1'])) })

test.each([
  ['nextjs', { 'package.json': pack('react', 'next', 'express') }],
  ['nuxt', { 'package.json': pack('vue', 'nuxt') }],
  ['sveltekit', { 'package.json': pack('svelte', '@sveltejs/kit') }],
  ['astro', { 'package.json': pack('react', 'astro') }],
  ['remix', { 'package.json': pack('@remix-run/react', 'react', 'express') }],
  ['react-native', { 'package.json': pack('expo', 'react') }],
  ['react-router', { 'package.json': pack('react-router', 'react') }],
  ['angular', { 'package.json': pack('@angular/core') }],
  ['vue', { 'package.json': pack('vue', 'express') }],
  ['react', { 'package.json': pack('react') }],
  ['nestjs', { 'package.json': pack('@nestjs/core', 'express') }],
  ['fastify', { 'package.json': pack('fastify') }],
  ['express', { 'package.json': '\uFEFF{"devDependencies":{"express":"5"}}' }],
  ['django', { 'requirements.txt': '# flask\nDjango>=5\npsycopg[binary]' }],
  ['flask', { 'requirements.txt': '-r base.txt\nFlask==3' }],
  [
    'fastapi',
    {
      'pyproject.toml':
        '[project]\nname = "api"\ndependencies = [\n  "uvicorn[standard]",\n  "FastAPI>=0.1", # flask\n]\n',
    },
  ],
  [
    'django',
    {
      'pyproject.toml': '[tool.poetry]\nname="x"\n[tool.poetry.dependencies]\npython = "3"\ndjango = "^5"\n',
    },
  ],
  ['laravel', { 'composer.json': '{"require":{"laravel/framework":"12"}}', 'package.json': pack('vue') }],
  [
    'rails',
    { Gemfile: "source 'https://rubygems.org'\ngem 'rails', '~> 8'\n", 'package.json': pack('react') },
  ],
  ['android', { 'build.gradle.kts': 'plugins { alias(libs.plugins.android.application) apply false }' }],
  ['android', { 'build.gradle': "plugins { id 'com.android.application' }" }],
  ['swift', { 'Package.swift': '// swift-tools-version:6.0' }],
  ['flutter', { 'pubspec.yaml': 'name: x\ndependencies:\n  flutter:\n    sdk: flutter\n' }],
  [null, { 'package.json': pack('lodash') }],
  [null, { 'go.mod': 'module example.com/x\n\nrequire github.com/gin-gonic/gin v1.9.0\n' }],
  [null, { 'pyproject.toml': '[project]\nname = "flask"\n[tool.flask]\ndjango = 1\n' }],
  [null, { 'package.json': JSON.stringify({ dependencies: ['next'], name: 7 }) }],
])('detect() names %s', async (framework, files: Readonly<Record<string, string>>) => {
  expect((await detect(await app(files))).framework).toBe(framework)
})

test('detect() gives the name of the manifest, else that of the folder', async () => {
  expect((await detect(await app({ 'package.json': pack() }))).name).toBe('shop')
  expect((await detect(await app({ 'pyproject.toml': '[project]\nname = "api"\n' }))).name).toBe('api')
  const folder = await app({ 'go.mod': 'module x' })
  expect((await detect(folder)).name).toBe(basename(folder))
})

test('detect() refuses a folder that is not there, by its own code', async () => {
  const refused = detect(join(tmpdir(), 'mill-there-is-no-such-folder'))
  await expect(refused).rejects.toMatchObject({ code: 'run/app-not-found', exit: EXIT.usage })
  const file = join(await app({ 'package.json': '{}' }), 'package.json')
  await expect(detect(file)).rejects.toMatchObject({ code: 'run/app-not-found' })
})

test('detect() refuses a folder without a manifest and names every file it looked for', async () => {
  const folder = await app({ 'README.md': 'x' })
  await mkdir(join(folder, 'package.json'))
  const error = await detect(folder).catch((thrown) => thrown)
  expect(error).toMatchObject({ code: 'run/not-a-project', exit: EXIT.usage })
  for (const manifest of MANIFESTS) expect(error.message).toContain(manifest)
})

test.each(['{ "name": ', '[]', 'null', '"x"'])(
  'detect() says why it cannot read the package.json %s',
  async (text) => {
    const error = await detect(await app({ 'package.json': text })).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'run/not-a-project', exit: EXIT.usage })
    expect(error.message).toMatch(/package\.json cannot be read: \S+/)
  },
)

test('FRAMEWORKS are names of the grammar, each with manifests that are looked at', () => {
  for (const rule of FRAMEWORKS) {
    expect(frameworkName.safeParse(rule.framework).success).toBe(true)
    expect(MANIFESTS).toEqual(expect.arrayContaining([...rule.manifests]))
  }
})
