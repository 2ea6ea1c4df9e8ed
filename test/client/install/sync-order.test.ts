import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { HAS_STRACE } from '../../build/publish/child.ts'
import { scratch } from '../scripted.ts'
import { skillFiles } from './skill-files.ts'

const FILES = 12
const victim = fileURLToPath(new URL('./victim.ts', import.meta.url))

// Skipped where strace is absent: a kill cannot show it, since the kernel outlives the process.
test.skipIf(!HAS_STRACE)(
  'install() has every file and every folder on disk before the skill is there',
  () => {
    using app = scratch()
    const log = join(app.path, 'log')
    const skills = join(app.path, 'skills')
    const watched = ['-f', '-qq', '-y', '-e', 'trace=fsync,rename,renameat,renameat2', '-o', log]
    const command = [process.execPath, victim, app.path, skills]
    const ran = spawnSync('strace', [...watched, ...command], { input: `whole ${FILES}\n`, encoding: 'utf8' })
    expect(ran.stdout).toContain('ok')
    const calls = readFileSync(log, 'utf8').split('\n')
    const renamed = calls.findIndex((call) => call.includes(`${skills}/.new-whole", `))
    expect(renamed).toBeGreaterThan(0)
    const synced = calls.slice(0, renamed).flatMap((call) => /fsync\([0-9]+<(.*?)>/.exec(call)?.[1] ?? [])
    const staged = join(skills, '.new-whole')
    const files = [...skillFiles('whole', FILES).keys()].map((path) => join(staged, path))
    for (const path of [staged, ...files]) expect(synced).toContain(path)
  },
  60_000,
)
