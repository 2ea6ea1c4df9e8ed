import { type Make, type Memo, sameItems } from './memo.ts'

/**
 * A memo for one build, after which nothing is asked again: what the parts of a tree have in common is made once,
 * and nothing is kept of how it came about.
 */
export function openBriefMemo(): Memo {
  const steps = new Map<Make, Map<unknown, Step>>()
  const once = <Value>(make: Make, args: readonly unknown[], value: () => Value): Value => {
    const byFirst = steps.get(make) ?? new Map<unknown, Step>()
    steps.set(make, byFirst)
    const first = byFirst.get(args[0])
    for (let step = first; step !== undefined; step = step.next) {
      if (sameItems(step.args, args)) return step.value as Value
    }
    const made = value()
    byFirst.set(args[0], { args, value: made, next: byFirst.get(args[0]) })
    return made
  }
  const memo: Memo = {
    of: (make, ...args) => once(make, args, () => make(...args)),
    whole: (make, ...args) => once(make, args, () => make(memo, ...args)),
    told: (make, subject, report) => make(subject, report),
    asked: (make, subject, { world, report }) => make(subject, world, report),
    passing: openBriefMemo,
    same: (_, value) => value,
  }
  return memo
}

/** One of the steps of a function that have the same first argument. */
interface Step {
  readonly args: readonly unknown[]
  readonly value: unknown
  readonly next: Step | undefined
}
