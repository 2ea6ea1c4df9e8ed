import { type Paint, painter } from '../colour.ts'
import { cut, displayWidth, plainText, wrapped } from '../text.ts'
import { type Asking, isListening } from './asking.ts'

export interface AskingViewOptions {
  readonly columns: number
  /** No more than so many lines. */
  readonly rows: number
  readonly colour: boolean
  readonly now: number
}

type Drawing = Omit<AskingViewOptions, 'colour'> & { readonly paint: Paint }

/** Options that stay in sight on the lowest screen. */
const FEWEST_OPTIONS = 2
/** Lines that say which keys do what. */
const MOST_HELP = 2

/** A question as lines: who asks and how long it waits, the question, its options or a line to answer on, the keys. */
export function askingView(asking: Asking, options: AskingViewOptions): string[] {
  const drawing = { ...options, paint: painter(options.colour) }
  const { columns, rows } = drawing
  const { question } = asking
  const text = wrapped(plainText(question.question), columns)
  const help = firstOf(wrapped(keys(asking, options.now), columns), MOST_HELP)
  // The rule, and the line to answer on where there is nothing to choose from.
  const free = rows - help.length - 1 - (question.options.length === 0 ? 1 : 0)
  const shown = Math.min(question.options.length, Math.max(FEWEST_OPTIONS, free - text.length))
  return [
    rule(asking, drawing),
    ...firstOf(text, Math.max(1, free - shown)),
    ...(question.options.length === 0 ? [answerLine(asking, drawing)] : choices(asking, shown, drawing)),
    ...help.map((line) => drawing.paint(line, 'dim')),
  ].slice(0, Math.max(0, rows))
}

function rule({ question, shownAt }: Asking, { columns, now, paint }: Drawing): string {
  const left = Math.max(0, Math.ceil((shownAt + question.timeoutMs - now) / 1000))
  const right = ` ${left} s left ──`
  const who = cut(`── ? ${question.by} ${plainText(question.label)} asks `, columns - right.length - 1)
  const line = '─'.repeat(Math.max(0, columns - displayWidth(who) - right.length))
  return paint(cut(`${who}${line}${right}`, columns), 'bold', left <= 10 ? 'yellow' : 'cyan')
}

function firstOf(lines: readonly string[], rows: number): string[] {
  if (lines.length <= rows) return [...lines]
  return [...lines.slice(0, rows - 1), `${(lines[rows - 1] ?? '').slice(0, -1)}…`]
}

/** So many of the options that the chosen one is among them. */
function choices({ question, chosen }: Asking, rows: number, { columns, paint }: Drawing): string[] {
  const last = question.options.length - rows
  const from = Math.min(last, Math.max(0, (chosen ?? 0) - rows + 1))
  return question.options.slice(from, from + rows).map((option, at) => {
    const index = from + at
    const line = `${index === chosen ? '▸' : ' '} ${index + 1}  ${plainText(option)}`
    return index === chosen ? paint(cut(line, columns), 'bold', 'cyan') : cut(line, columns)
  })
}

/** The end of what is typed; of what becomes an environment value, its length alone. */
function answerLine({ question, typed }: Asking, { columns, paint }: Drawing): string {
  const { suggestion, keepAs } = question
  if (typed === '' && suggestion !== undefined)
    return `> ▏${paint(cut(plainText(suggestion), columns - 3), 'dim')}`
  const shown = keepAs === undefined ? typed : '•'.repeat([...typed].length)
  return `> ${endOf(shown, columns - 3)}▏`
}

function endOf(text: string, columns: number): string {
  let kept = text
  while (displayWidth(kept) > columns) kept = kept.replace(/^./su, '')
  return kept
}

function keys(asking: Asking, now: number): string {
  if (!isListening(asking, now)) return '…'
  const { question, typed, chosen } = asking
  const { options, suggestion, keepAs } = question
  const hasAnswer = options.length > 0 ? chosen !== null : typed.trim() !== ''
  const takes = hasAnswer ? 'Enter answers' : suggestion === undefined ? '' : 'Enter takes what is suggested'
  return [
    options.length > 0 ? `1 to ${options.length} or ↑ ↓ choose` : '',
    takes,
    'Esc declines',
    keepAs === undefined ? 'the agent reads it' : `it becomes ${keepAs}, no agent sees it`,
  ]
    .filter(Boolean)
    .join(' · ')
}
