import type { Request } from 'express'
import { refusalSchema } from '../../schemas/answers.ts'
import { type Assignment, assignmentSchema, experimentListSchema } from '../../schemas/experiments.ts'
import { didYouMean } from '../../schemas/suggest.ts'
import type { ServingState } from '../channels/serving-state.ts'
import type { Assigned } from '../experiments/experiments.ts'
import { sendError, sendJson } from '../http/reply.ts'
import { json, type Route } from '../http/route.ts'

/** Which experiments there are, and which channel a unit of one is given. */
export function assignRoutes({ experiments }: Pick<ServingState, 'experiments'>): readonly Route[] {
  return [
    {
      path: '/experiments',
      summary: 'Every experiment, and how often each channel was given',
      replies: { 200: json('The experiments', experimentListSchema) },
      answer: (_request, response) => sendJson(response, 200, experiments.list()),
    },
    {
      path: '/assign',
      summary: 'The channel that a unit of an experiment is given, the same every time',
      query: {
        experiment: { description: 'Name of an experiment', required: true },
        unit: { description: 'What is given an arm, such as the id of a project', required: true },
      },
      replies: {
        200: json('The channel, and why', assignmentSchema),
        400: json('The question cannot be answered', refusalSchema),
        404: json('There is no such experiment', refusalSchema),
        503: json('Neither the arm nor the control has anything to serve', refusalSchema),
      },
      answer: (request, response) => {
        const answer = assign(experiments, request)
        if ('message' in answer) return sendError(response, answer.status, answer)
        const { asked, assigned } = answer
        sendJson(response, 200, assignment(asked, assigned, response.locals.origin))
      },
    },
  ]
}

interface Question {
  readonly experiment: string
  readonly unit: string
}

interface Refusal {
  readonly status: 400 | 404 | 503
  readonly code: string
  readonly message: string
}

interface Answer {
  readonly asked: Question
  readonly assigned: Assigned
}

function assign(experiments: ServingState['experiments'], request: Request): Answer | Refusal {
  const asked = readQuestion(request)
  if ('message' in asked) return asked
  const { experiment, unit } = asked
  if (!experiments.has(experiment)) return unknown(experiment, experiments.names())
  const assigned = experiments.assign(experiment, unit)
  if (assigned === undefined) return nothingToGive(experiment)
  // Who asks with HEAD is given nothing.
  if (request.method === 'GET') experiments.expose(experiment, assigned)
  return { asked, assigned }
}

const MAX_UNIT = 200

function readQuestion(request: Request): Question | Refusal {
  const parameters = new URLSearchParams(/\?(.*)$/s.exec(request.url)?.[1])
  const [experiment, ...experiments] = parameters.getAll('experiment')
  const [unit, ...units] = parameters.getAll('unit')
  if (!experiment || !unit || experiments.length + units.length > 0) {
    const message =
      'Cannot assign: expected one experiment and one unit, such as /assign?experiment=x&unit=42'
    return { status: 400, code: 'assign/parameters', message }
  }
  // What is no UTF-8 was replaced, and would make one unit of many.
  if (unit.length <= MAX_UNIT && !unit.includes('\uFFFD')) return { experiment, unit }
  const message = `Cannot assign this unit: expected at most ${MAX_UNIT} characters in UTF-8`
  return { status: 400, code: 'assign/unit', message }
}

function unknown(experiment: string, names: readonly string[]): Refusal {
  const near = didYouMean(experiment, names)?.replacement
  const expected = near === undefined ? 'one that /experiments lists' : `"${near}"`
  const name = experiment.length > 80 ? `${experiment.slice(0, 80)}…` : experiment
  return {
    status: 404,
    code: 'assign/unknown-experiment',
    message: `Cannot find the experiment "${name}": expected ${expected}`,
  }
}

function nothingToGive(experiment: string): Refusal {
  const message = `Cannot assign: neither the arm nor the control of "${experiment}" has anything to serve, see /experiments`
  return { status: 503, code: 'assign/unavailable', message }
}

function assignment(
  { experiment, unit }: Question,
  { arm, reason, channel }: Assigned,
  origin: string,
): Assignment {
  return {
    ...{ experiment, unit, arm, channel: channel.name, reason },
    url: `${origin}/channels/${channel.name}/`,
    release: channel.release.id,
    releaseUrl: `${origin}/v/${channel.release.id}/`,
    serial: channel.pointer?.serial ?? null,
  }
}
