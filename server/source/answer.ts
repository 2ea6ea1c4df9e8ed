import type { MessagePort, Transferable } from 'node:worker_threads'
import { CommandError, type ExitCode } from '../../schemas/cli.ts'

/** What a thread says to the one that started it. */
export type Reply<Answer, Told> =
  | { readonly kind: 'alive' }
  | { readonly kind: 'told'; readonly told: Told }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer }
  | {
      readonly kind: 'refusal'
      readonly id: number
      readonly message: string
      readonly stack: string | undefined
      /** What a person is told, when it is no bug. */
      readonly command: { readonly code: CommandError['code']; readonly exit: ExitCode } | undefined
    }

/** An answer, and what of it is handed over instead of copied. */
export interface Given<Answer> {
  readonly answer: Answer
  readonly transfer: readonly Transferable[]
}

/** How often a thread says that it is alive. */
const ALIVE_MS = 1_000

/** Answers every question that comes in, and gives signs of life. The function tells without being asked. */
export function answerQuestions<Question, Answer, Told>(
  port: MessagePort,
  answer: (question: Question) => Promise<Given<Answer>>,
): (told: Told, transfer?: readonly Transferable[]) => void {
  const say = (reply: Reply<Answer, Told>, transfer: readonly Transferable[] = []) =>
    port.postMessage(reply, [...transfer])
  setInterval(() => say({ kind: 'alive' }), ALIVE_MS).unref()
  port.on('message', ({ id, question }: { readonly id: number; readonly question: Question }) => {
    answer(question).then(
      (given) => say({ kind: 'answer', id, answer: given.answer }, given.transfer),
      (error: unknown) => say({ kind: 'refusal', id, ...plain(error) }),
    )
  })
  return (told, transfer) => say({ kind: 'told', told }, transfer)
}

function plain(error: unknown): Omit<Extract<Reply<never, never>, { kind: 'refusal' }>, 'kind' | 'id'> {
  if (!(error instanceof Error)) return { message: String(error), stack: undefined, command: undefined }
  const { message, stack } = error
  const command = error instanceof CommandError ? { code: error.code, exit: error.exit } : undefined
  return { message, stack, command }
}
