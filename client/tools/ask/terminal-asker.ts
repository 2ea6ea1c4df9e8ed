import { createInterface, type Interface } from 'node:readline/promises'
import { type Readable, Writable } from 'node:stream'
import { plainText } from '../../tui/text.ts'
import type { Asker, Question } from './asker.ts'

export interface TerminalAskerOptions {
  readonly input: Readable & { readonly isTTY?: boolean }
  readonly output: Writable
  /** Ctrl-C while a hidden answer is typed, when the terminal does not tell it to the process. */
  readonly onInterrupt: () => void
}

/** Asks in lines: the question, its options by number, and a line to answer on. */
export function terminalAsker(options: TerminalAskerOptions): Asker {
  return {
    ask: async (question, signal) => {
      const lines = linesFrom(options, question.keepAs !== undefined)
      try {
        options.output.write(textOf(question))
        for (;;) {
          const typed = (await lines.question('> ', { signal })).trim()
          const answer = answerOf(typed, question)
          if (answer !== null) return answer
          options.output.write(`Expected a number from 1 to ${question.options.length}\n`)
        }
      } catch {
        return undefined
      } finally {
        lines.close()
        options.output.write('\n')
      }
    },
  }
}

function linesFrom({ input, output, onInterrupt }: TerminalAskerOptions, isHidden: boolean): Interface {
  const hidden = isHidden && input.isTTY === true
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: hidden ? nowhere : output, terminal: hidden })
  lines.on('SIGINT', () => {
    lines.close()
    onInterrupt()
  })
  return lines
}

function textOf({ by, label, question, options, suggestion, keepAs, timeoutMs }: Question): string {
  const ends = [
    suggestion === undefined ? 'Enter declines' : `Enter takes "${plainText(suggestion)}", - declines`,
    keepAs === undefined ? 'the agent reads your answer' : `it becomes ${keepAs} and no agent sees it`,
    `${Math.round(timeoutMs / 1000)} s`,
  ]
  return [
    '',
    `? ${by} (${plainText(label)}) asks: ${plainText(question)}`,
    ...options.map((option, index) => `  ${index + 1}) ${plainText(option)}`),
    `  (${ends.join('; ')})`,
    '',
  ].join('\n')
}

/** Undefined for a refusal, null for what is none of the options. */
function answerOf(typed: string, { options, suggestion }: Question): string | undefined | null {
  if (typed === '') return suggestion
  if (typed === '-') return undefined
  if (options.length === 0) return typed
  const chosen = /^[1-9]$/.test(typed)
    ? options[Number(typed) - 1]
    : options.find((option) => option === typed)
  return chosen ?? null
}
