import type { Diagnostic } from '../schemas/diagnostic.ts'
import { EXCUSED, type Report } from './finding.ts'

/** Questions to the tree that a step may ask besides looking at its subject; each has one text for an argument. */
export type Questions<World> = { readonly [Name in keyof World]: (about: string) => unknown }

/**
 * What was made in this build and in the one before it. A step is asked for by its function and its arguments, and
 * these are compared by identity, so whatever goes into a step must never change. What no build asks for any more is
 * forgotten.
 */
export interface Memo {
  /** What a pure function makes of these very arguments; text and numbers are compared by value. */
  readonly of: <Args extends readonly unknown[], Value>(
    make: (...args: Args) => Value,
    ...args: Args
  ) => Value
  /** The same for a function that has steps of its own: they are remembered with what they were made for. */
  readonly whole: <Args extends readonly unknown[], Value>(
    make: (memo: Memo, ...args: Args) => Value,
    ...args: Args
  ) => Value
  /**
   * The same for a function that tells what it finds: it is told again each time, and what was made stands as long
   * as the answers are what they were.
   */
  readonly told: <Subject, Value>(
    make: (subject: Subject, report: Report) => Value,
    subject: Subject,
    report: Report,
  ) => Value
  /**
   * The same for a function that asks questions: what it made stands as long as each question that it asked has the
   * answer that it had. Answers are compared by identity, lists by that of their items.
   */
  readonly asked: <Subject, World extends Questions<World>, Value>(
    make: (subject: Subject, world: World, report: Report) => Value,
    subject: Subject,
    context: { readonly world: World; readonly report: Report },
  ) => Value
  /** The memo for what only one stage asks for: a memo that is of no use after the build forgets it with the stage. */
  readonly passing: () => Memo
  /** The value of that name as it was in the build before, if it is equal. */
  readonly same: <Value>(name: string, value: Value, isEqual: (a: Value, b: Value) => boolean) => Value
}

/** What each stage of a build is given besides its input. */
export interface Stage {
  readonly report: Report
  readonly memo: Memo
}

/** What a build leaves for the next one. */
export interface Memory {
  readonly steps: Steps
  readonly values: ReadonlyMap<string, unknown>
}

export const NO_MEMORY: Memory = { steps: new Map(), values: new Map() }

/** A memo that begins with what a build has left, and what it leaves in its turn: only what was asked for. */
export function openMemo(before: Memory): { readonly memo: Memo; readonly memory: Memory } {
  const steps: OwnSteps = new Map()
  const values = new Map<string, unknown>()
  /** Steps that the step which is being made has asked for. */
  let inner: Step[] = []
  /** The step of this build, or the one of the last that still stands, or a new one. */
  const step = <Value>(key: Key, stands: (old: Step) => boolean, make: () => Made): Value => {
    let found = find(steps, key)
    if (found === undefined) {
      const old = find(before.steps, key)
      if (old !== undefined && stands(old)) found = old
      else {
        const outer = inner
        inner = []
        found = { ...key, ...make(), inner }
        inner = outer
      }
      keep(steps, found)
    }
    inner.push(found)
    return found.value as Value
  }
  const memo: Memo = {
    of: (make, ...args) => step({ make, args }, always, () => ({ value: make(...args), questions: NOTHING })),
    whole: (make, ...args) =>
      step({ make, args }, always, () => ({ value: make(memo, ...args), questions: NOTHING })),
    told: (make, subject, report) => {
      const args = [subject]
      const { value, told } = step<Told<ReturnType<typeof make>>>(
        { make, args },
        (old) => hasAnswers(old, report),
        () => ({ value: listened((own) => make(subject, own), report), questions: NOTHING }),
      )
      for (const { diagnostic } of told) report(diagnostic)
      return value
    },
    asked: (make, subject, { world, report }) => {
      const args = [subject]
      const { value, told } = step<Told<ReturnType<typeof make>>>(
        { make, args },
        (old) => old.questions.every((question) => hasAnswer(world, question)) && hasAnswers(old, report),
        () => {
          const questions: Question[] = []
          const noting = notingWorld(world, questions)
          return { value: listened((own) => make(subject, noting, own), report), questions }
        },
      )
      for (const { diagnostic } of told) report(diagnostic)
      return value
    },
    passing: () => memo,
    same: (name, value, isEqual) => {
      const old = before.values.get(name) as typeof value | undefined
      const kept = old !== undefined && isEqual(old, value) ? old : value
      values.set(name, kept)
      return kept
    },
  }
  return { memo, memory: { steps, values } }
}

/** What a step is made by. */
export type Make = (...args: never[]) => unknown
/** Steps by their function, then by their first argument. */
type Steps = ReadonlyMap<Make, ReadonlyMap<unknown, readonly Step[]>>
type OwnSteps = Map<Make, Map<unknown, Step[]>>

interface Key {
  readonly make: Make
  readonly args: readonly unknown[]
}

interface Made {
  readonly value: unknown
  readonly questions: readonly Question[]
}

interface Step extends Key, Made {
  /** What it asked for in its turn. */
  readonly inner: readonly Step[]
}

/** A question that a step has asked, and what it was answered. */
interface Question {
  readonly name: PropertyKey
  readonly about: string
  readonly answer: unknown
}

interface Told<Value> {
  readonly value: Value
  readonly told: readonly { readonly diagnostic: Diagnostic; readonly excused: boolean }[]
}

const NOTHING: readonly Question[] = []
const always = () => true

function find(steps: Steps, { make, args }: Key): Step | undefined {
  return steps
    .get(make)
    ?.get(args[0])
    ?.find((step) => sameItems(step.args, args))
}

/** What stands keeps what it was made of: another step may ask for it when this one is made again. */
function keep(steps: OwnSteps, step: Step): void {
  const byFirst = steps.get(step.make) ?? new Map<unknown, Step[]>()
  steps.set(step.make, byFirst)
  const siblings = byFirst.get(step.args[0])
  if (siblings?.includes(step) === true) return
  if (siblings === undefined) byFirst.set(step.args[0], [step])
  else siblings.push(step)
  for (const one of step.inner) keep(steps, one)
}

function listened<Value>(make: (report: Report) => Value, report: Report): Told<Value> {
  const told: Told<Value>['told'][number][] = []
  const value = make((diagnostic) => {
    const answer = report(diagnostic)
    told.push({ diagnostic, excused: answer === EXCUSED })
    return answer
  })
  return { value, told }
}

/** A step that was told of a finding that it is excused may have made something else of it than one that was not. */
function hasAnswers({ value }: Step, report: Report): boolean {
  const { told } = value as Told<unknown>
  return told.every(({ diagnostic, excused }) => (report(diagnostic) === EXCUSED) === excused)
}

/** Asks in the order in which the step did: up to the first other answer it would ask nothing else either. */
function hasAnswer<World extends Questions<World>>(world: World, { name, about, answer }: Question): boolean {
  const now = world[name as keyof World](about)
  return Object.is(now, answer) || (Array.isArray(now) && Array.isArray(answer) && sameItems(now, answer))
}

function notingWorld<World extends Questions<World>>(world: World, questions: Question[]): World {
  const noting = Object.entries(world as Questions<Record<string, unknown>>).map(([name, ask]) => [
    name,
    (about: string) => {
      const answer = ask(about)
      questions.push({ name, about, answer })
      return answer
    },
  ])
  return Object.fromEntries(noting) as World
}

/** Whether two lists hold the very same items. */
export function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, at) => Object.is(item, b[at]))
}
