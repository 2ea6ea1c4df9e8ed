import { type Make, type Memo, sameItems } from './memo.ts'

/**
 * A memo for one build, after which nothing is asked again: what the parts of a tree have in common is made once,
 * and nothing is kept of how it came about.
 */
export function openBriefMemo(): Memo {
  const steps = new Map<Make, Map<unknown, Step>>()
  const stepsOf = (make: Make): Map<unknown, Step> => {
    const known = steps.get(make)
    if (known !== undefined) return known
    const fresh = new Map<unknown, Step>()
    steps.set(make, fresh)
    return fresh
  }
  const memo: Memo = {
    of: (make, ...args) => {
      const byFirst = stepsOf(make)
      const known = stepFor(args, byFirst)
      if (known !== undefined) return known.value as ReturnType<typeof make>
      return noted(byFirst, args, make(...args))
    },
    whole: (make, ...args) => {
      const byFirst = stepsOf(make)
      const known = stepFor(args, byFirst)
      if (known !== undefined) return known.value as ReturnType<typeof make>
      return noted(byFirst, args, make(memo, ...args))
    },
    told: (make, subject, report) => make(subject, report),
    asked: (make, subject, { world, report }) => make(subject, world, report),
    passing: openBriefMemo,
    same: (_, value) => value,
  }
  return memo
}

function stepFor(args: readonly unknown[], byFirst: ReadonlyMap<unknown, Step>): Step | undefined {
  for (let step = byFirst.get(args[0]); step !== undefined; step = step.next) {
    if (sameItems(step.args, args)) return step
  }
  return undefined
}

function noted<Value>(byFirst: Map<unknown, Step>, args: readonly unknown[], value: Value): Value {
  byFirst.set(args[0], { args, value, next: byFirst.get(args[0]) })
  return value
}

/** One of the steps of a function that have the same first argument. */
interface Step {
  readonly args: readonly unknown[]
  readonly value: unknown
  readonly next: Step | undefined
}
