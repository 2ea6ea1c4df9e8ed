import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { type ChannelPointer, channelPointerSchema } from '../../schemas/channel.ts'
import { CommandError } from '../../schemas/cli.ts'
import { digestOf } from '../../schemas/digest.ts'
import { takeLock } from '../run-folder/run-lock.ts'
import type { PointerMemory, Remembered } from './trust.ts'
import { distrust } from './trusted-pointer.ts'

/** `<folder>/<digest of key, server and channel>.json`; who it is about stands in it for people. */
const rememberedSchema = z.strictObject({
  key: z.string(),
  site: z.string(),
  channel: z.string(),
  pointer: channelPointerSchema,
})

/** How long another run may take to note its pointer. */
const PATIENCE_MS = 10_000

/** Remembers pointers in a folder of the user, whatever the app. */
export function pointerMemory(folder: string): PointerMemory {
  const fileOf = ({ key, site, channel }: Remembered) =>
    join(folder, `${digestOf(JSON.stringify([key, site, channel]))}.json`)
  const recall = async (of: Remembered) => {
    const text = await readFile(fileOf(of), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw unusable(of, fileOf(of), error)
    })
    return text === null ? null : parse(text, { of, file: fileOf(of) })
  }
  return {
    recall,
    keep: async (of, pointer) => {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await alone(join(folder, 'lock'), async () => {
          const last = await recall(of)
          if (last !== null && !isNewer(pointer, last)) return
          await writeFileAtomic(fileOf(of), `${JSON.stringify({ ...of, pointer }, null, 1)}\n`, {
            mode: 0o600,
          })
        })
      } catch (error) {
        throw error instanceof CommandError ? error : unusable(of, fileOf(of), error)
      }
    },
  }
}

/** A higher serial, or the same one that is good for longer. */
function isNewer(pointer: ChannelPointer, last: ChannelPointer): boolean {
  if (pointer.serial !== last.serial) return pointer.serial > last.serial
  return endOf(pointer) > endOf(last)
}

function endOf({ expires }: ChannelPointer): number {
  return expires === undefined ? Infinity : Date.parse(expires)
}

interface Where {
  readonly of: Remembered
  readonly file: string
}

function parse(text: string, { of, file }: Where): ChannelPointer {
  try {
    return rememberedSchema.parse(JSON.parse(text)).pointer
  } catch (error) {
    throw unusable(of, file, error)
  }
}

/** Does it while no other run does. */
async function alone(file: string, work: () => Promise<void>): Promise<void> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const lock = takeLock(file)
    if (lock !== null) {
      try {
        return await work()
      } finally {
        lock.release()
      }
    }
    if (performance.now() > until) throw new Error(`"${file}" is held by another run`)
    await sleep(20)
  }
}

function unusable(of: Remembered, file: string, error: unknown): CommandError {
  const { code, message } = error as NodeJS.ErrnoException
  return distrust('memory', of, `"${file}" holds what was seen of it: ${code ?? message.split('\n')[0]}`)
}
