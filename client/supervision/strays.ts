import { readdirSync, readFileSync } from 'node:fs'
import process from 'node:process'

/** Under this name every process of a program finds the program's mark in its environment. */
export const MARK = 'MILL_SUPERVISED'

/** How often processes that bring forth others while they are killed are looked for again. */
const ROUNDS = 50

/**
 * Kills whatever carries the mark, or descends from what does: also what has left its group or its session. Linux
 * alone lets one look for them; elsewhere a program is known by its group.
 */
export function killStrays(mark: string): void {
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = straysOf(mark)
    if (found.length === 0) return
    for (const pid of found) kill(pid)
  }
}

/** Kills a process, or with a negative number a group. One that is gone already is as good. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone.
  }
}

interface Seen {
  readonly pid: number
  readonly parent: number
  readonly isMarked: boolean
}

function straysOf(mark: string): number[] {
  const seen = processes(`${MARK}=${mark}\0`)
  const strays = new Set(seen.filter(({ isMarked }) => isMarked).map(({ pid }) => pid))
  for (let before = -1; before < strays.size; ) {
    before = strays.size
    for (const { pid, parent } of seen) if (strays.has(parent)) strays.add(pid)
  }
  return [...strays]
}

function processes(entry: string): Seen[] {
  return pids().flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      // Dead, and only waiting to be buried by its parent.
      if (state === 'Z') return []
      const isMarked = readFileSync(`/proc/${pid}/environ`, 'latin1').includes(entry)
      return [{ pid, parent: Number(parent), isMarked }]
    } catch {
      return []
    }
  })
}

function pids(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^[0-9]+$/.test(name))
      .map(Number)
      .filter((pid) => pid !== process.pid)
  } catch {
    return []
  }
}
