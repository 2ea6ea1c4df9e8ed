import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { detectPackageManager } from '../../../client/tools/detect-package-manager.ts'
import { appWithRun, type ScratchApp } from './attempt-of.ts'

let root: ScratchApp
beforeEach(async () => {
  root = await appWithRun()
  await mkdir(join(root.path, 'apps/web'), { recursive: true })
})
afterEach(() => root[Symbol.asyncDispose]())

async function told(files: Readonly<Record<string, string>>, app = '.'): Promise<string> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(root.path, name), text)
  return detectPackageManager(join(root.path, app)).run({}, new AbortController().signal)
}

describe('detect_package_manager', () => {
  test.each([
    [{}, 'npm (nothing says another one)'],
    [{ 'package-lock.json': '{}' }, 'npm (package-lock.json)'],
    [{ 'pnpm-lock.yaml': '' }, 'pnpm (pnpm-lock.yaml)'],
    [{ 'yarn.lock': '' }, 'yarn (yarn.lock)'],
    [{ 'bun.lock': '' }, 'bun (bun.lock)'],
    [
      { 'package.json': '{"packageManager":"pnpm@9.1.0+sha512.ab"}' },
      'pnpm 9.1.0 (the packageManager field of package.json)',
    ],
    [{ 'package.json': '{"packageManager":"pnpm@9.1.0; rm -rf /"}', 'yarn.lock': '' }, 'yarn (yarn.lock)'],
    [{ 'package.json': '{"packageManager":"cargo@1"}' }, 'npm (nothing says another one)'],
    [{ 'package.json': 'not json', 'bun.lockb': '' }, 'bun (bun.lockb)'],
  ])('of %j says %s', async (files, line) => {
    const [first, install] = (await told(files)).split('\n')
    expect(first).toBe(`Package manager: ${line}`)
    expect(install).toBe(`Install: ${line.split(' ')[0]} install`)
  })

  test('names lockfiles that are probably left over', async () => {
    expect(await told({ 'package-lock.json': '{}', 'pnpm-lock.yaml': '' })).toContain(
      'left over: package-lock.json',
    )
  })

  test('finds the workspace that the app is part of, within its repository alone', async () => {
    const files = { 'pnpm-lock.yaml': '', 'pnpm-workspace.yaml': '', 'apps/web/package.json': '{}' }
    expect(await told(files, 'apps/web')).toContain('npm (nothing')
    await mkdir(join(root.path, '.git'))
    expect(await told(files, 'apps/web')).toContain('pnpm (pnpm-lock.yaml, in ../..)')
    expect(await told(files, 'apps/web')).toContain('Workspaces: yes, their root is ../..')
  })
})
