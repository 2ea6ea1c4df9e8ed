import { z } from 'zod'
import type { HostTool } from '../harness/harness.ts'
import type { Question } from './ask/asker.ts'
import type { Answer, Questions } from './ask/questions.ts'
import { envKey } from './env/env-key.ts'
import { unwritable } from './env/env-text.ts'
import type { GivenValues } from './env/given-values.ts'
import { hostTool } from './host-tool.ts'

/** Questions that one attempt may put. */
const MAX_QUESTIONS = 3

const input = z
  .strictObject({
    question: z.string().min(1).max(500).describe('One question, in plain words'),
    options: z
      .array(z.string().trim().min(1).max(120))
      .min(2)
      .max(9)
      .optional()
      .describe('When the answer is one of these'),
    default: z
      .string()
      .trim()
      .min(1)
      .max(120)
      .optional()
      .describe('What you suggest; only the person can take it'),
    keepAs: envKey
      .optional()
      .describe('Name of an environment value: the answer is kept for set_env_values, and not shown to you'),
  })
  .refine((asked) => asked.default === undefined || (asked.options?.includes(asked.default) ?? true), {
    path: ['default'],
    message: 'expected one of the options',
  })

export interface AskTools {
  readonly questions: Questions
  readonly given: GivenValues
  /** Told before a question is put, and when it is settled; of neither text. */
  readonly onQuestion: (outcome: 'asked' | Answer['outcome']) => void
}

/** Asks the person who started the run; no answer is a refusal. */
export function askUser(
  { questions, given, onQuestion }: AskTools,
  by: Pick<Question, 'by' | 'label'>,
): HostTool {
  let asked = 0
  return hostTool({
    name: 'ask_user',
    description:
      'Ask the person who started this run. They may not be there: then it counts as declined, and you go on without.',
    input,
    run: async ({ question, options = [], default: suggestion, keepAs }, signal) => {
      if (asked === MAX_QUESTIONS) {
        throw new Error(`Cannot ask again: a task has ${MAX_QUESTIONS} questions, go on with what you know`)
      }
      asked += 1
      onQuestion('asked')
      const answer = await questions(
        {
          ...by,
          question,
          options,
          ...(suggestion === undefined ? {} : { suggestion }),
          ...(keepAs === undefined ? {} : { keepAs }),
        },
        signal,
      )
      onQuestion(answer.outcome)
      if (answer.outcome !== 'answered') return DECLINED[answer.outcome]
      return keepAs === undefined ? `The person answered: ${answer.text}` : kept(keepAs, answer.text, given)
    },
  })
}

const DECLINED: Readonly<Record<Exclude<Answer['outcome'], 'answered'>, string>> = {
  declined: 'The person declined to answer. Go on without, and do not ask this again',
  'no-answer': 'No answer came in time: take it as declined. Go on without, and do not ask this again',
  'nobody-there': 'Nobody is there to answer: take it as declined. Go on without, and do not ask again',
}

function kept(key: string, text: string, given: GivenValues): string {
  const problem = unwritable(text)
  if (problem) return `The person answered, but the value cannot be kept: ${problem}. Take it as declined`
  given.give(key, text)
  return `The person answered. Set it with set_env_values: {"${key}": {"from": "person"}}`
}
