import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { readPointer, readRelease } from '../../../build/publish.ts'

/** A folder for a store that is gone when the test has ended. */
export function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), 'mill-store-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }))
  return dir
}

/** What a channel points at, every byte verified by nobody who has seen the store before. */
export async function served(store: string, channel: string): Promise<{ serial: number; release: string }> {
  const pointer = await readPointer(store, channel)
  if (pointer === undefined) return { serial: 0, release: '' }
  return { serial: pointer.serial, release: (await readRelease(store, pointer.release)).id }
}
