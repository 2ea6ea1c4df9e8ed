import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { discover } from '../../../build/discover.ts'
import { discoverExamples } from '../../../build/example/discover.ts'
import { openRepository } from '../../../build/git/repository.ts'
import type { SourceTree } from '../../../build/release.ts'
import { bundleScripts } from '../../../build/scripts.ts'
import { repoWithContent } from '../repo.ts'
import { write } from '../scratch.ts'

const FILES = {
  'content/skills/greeting/scripts/say.ts': 'console.log("hello" as string)\n',
  'content/skills/shown/template.md': '# {display_name}\n\n{references}\n',
  'content/skills/shown/config.yaml':
    'template: template.md\ndescription: Shown\nvariants:\n  - id: all\n    display_name: Shown\n    example_paths: [apps/a(b), apps/b, apps/gone, linked]\n',
  'content/skip-patterns.yaml': 'global:\n  includes: [.css]\n',
  'apps/a(b)/README.md': '# A\n',
  'apps/a(b)/x.css': 'x\n',
  'apps/a(b)/node_modules/y/index.js': 'y\n',
  'apps/b/deep/z.ts': 'z\n',
  'apps/b/a.bin': 'a\0b',
}

const names = (tree: SourceTree) => ({
  examples: [...(tree.examples ?? [])].map(([path, files]) => [
    path,
    files.map((file) => `${file.path} ${file.bytes}`),
  ]),
  scripts: tree.scripts,
  diagnostics: tree.diagnostics.map(({ code, path }) => `${code} ${path}`),
})

test('tree() gives the example apps and scripts of a commit just as they are read from disk', async () => {
  const repo = repoWithContent()
  write(repo.dir, FILES)
  symlinkSync('/etc', join(repo.dir, 'apps/b/etc'))
  const commit = repo.commit('apps')
  const { repository } = await openRepository(repo.content, {})
  onTestFinished(() => repository?.close())
  const committed = await repository?.tree(commit)
  const onDisk = discoverExamples(repo.content, await discover(repo.content))
  expect(committed && names(committed)).toEqual({
    ...names({ ...onDisk, scripts: await bundleScripts(onDisk.files) }),
    diagnostics: ['example/link ../apps/b/etc'],
  })
  expect(names(onDisk).examples).toEqual([
    ['apps/a(b)', ['README.md # A\n']],
    ['apps/b', ['a.bin a\0b', 'deep/z.ts z\n']],
  ])
})
