import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Command } from 'commander'
import type { z } from 'zod'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { flowName, taskType } from '../../schemas/ids.ts'
import { portableSkillName } from '../../schemas/skill.ts'
import { agentSkeleton, flowSkeleton, type Skeleton, skillSkeleton } from '../skeleton.ts'
import { type Ask, asking } from './ask.ts'
import { contentOption } from './content.ts'

interface NewOptions {
  readonly content: string
}

/** Makes one kind of content: reads its name from an argument, or asks for it. */
interface Maker {
  readonly about: string
  readonly argument: string
  readonly example: string
  readonly read: (name: string) => Skeleton
  readonly ask: (ask: Ask, root: string) => Promise<Skeleton>
}

const MAKERS = {
  agent: {
    about: 'A prompt for one more task type of a flow',
    argument: '[flow/type]',
    example: 'integrate-posthog/build',
    read: (name) => {
      const [flow = '', type = '', ...more] = name.split('/')
      if (more.length > 0 || type === '') {
        throw usage(`Cannot create the agent prompt "${name}": expected <flow>/<type>`)
      }
      return agentSkeleton(named(flowName, flow), named(taskType, type))
    },
    ask: async (ask, root) => {
      const flows = await flowsIn(root)
      const known = flows.length === 0 ? '' : `, one of ${flows.join(', ')} or a new one`
      const flow = await ask({ text: `Flow${known}`, fallback: flows[0], problem: problemWith(flowName) })
      const taken = await typesIn(root, flow)
      const problem = (type: string) =>
        taken.includes(type) ? `The flow has a "${type}" already` : problemWith(taskType)(type)
      return agentSkeleton(flow, await ask({ text: 'Task type, such as "build"', problem }))
    },
  },
  flow: {
    about: 'A flow with a seed and one task',
    argument: '[name]',
    example: 'integrate-posthog',
    read: (name) => flowSkeleton(named(flowName, name)),
    ask: async (ask, root) => {
      const flows = await flowsIn(root)
      const problem = (flow: string) =>
        flows.includes(flow) ? `There is a flow "${flow}" already` : problemWith(flowName)(flow)
      return flowSkeleton(
        await ask({ text: 'Name of the flow', fallback: freeName('my-flow', flows), problem }),
      )
    },
  },
  skill: {
    about: 'A plain skill',
    argument: '[name]',
    example: 'event-naming',
    read: (name) => skillSkeleton(named(portableSkillName, name)),
    ask: async (ask, root) => {
      const skills = await namesIn(join(root, 'skills'))
      const problem = (skill: string) =>
        skills.includes(skill) ? `There is a skill "${skill}" already` : problemWith(portableSkillName)(skill)
      return skillSkeleton(
        await ask({ text: 'Name of the skill', fallback: freeName('my-skill', skills), problem }),
      )
    },
  },
} satisfies Readonly<Record<string, Maker>>
const KINDS = Object.keys(MAKERS) as readonly (keyof typeof MAKERS)[]

/** `mill new`: a skeleton that passes `mill check`. */
export function newCommand(io: CliIo): Command {
  const command = new Command('new')
    .description('Create a flow, an agent prompt or a skill; what is not said is asked for')
    .addOption(contentOption())
    .addHelpText('after', '\nExample: mill new flow integrate-posthog\n         mill new')
    // Commands below this one were made before the program's settings were handed down.
    .hook('preSubcommand', (above, below) => void below.copyInheritedSettings(above))
    .action((options: NewOptions) =>
      asking(io, async (ask) => {
        if (ask === undefined)
          throw usage(`Cannot create nothing in particular: expected ${KINDS.join(', ')}`)
        const problem = (kind: string) => (isKind(kind) ? undefined : `Expected ${KINDS.join(', ')}`)
        const kind = await ask({ text: `What, one of ${KINDS.join(', ')}`, fallback: 'agent', problem })
        const root = resolve(io.cwd, options.content)
        if (isKind(kind)) await create(io, await MAKERS[kind].ask(ask, root), options)
      }),
    )
  for (const kind of KINDS) command.addCommand(makerCommand(io, kind))
  return command
}

function makerCommand(io: CliIo, kind: keyof typeof MAKERS): Command {
  const { about, argument, example, read, ask: askFor } = MAKERS[kind]
  return new Command(kind)
    .description(about)
    .argument(argument, `such as ${example}; asked for when left out`)
    .addOption(contentOption())
    .addHelpText('after', `\nExample: mill new ${kind} ${example}`)
    .action((name: string | undefined, _: NewOptions, command: Command) => {
      const options = command.optsWithGlobals<NewOptions>()
      if (name !== undefined) return create(io, read(name), options)
      return asking(io, async (ask) => {
        if (ask === undefined)
          throw usage(`Cannot create a nameless ${kind}: expected ${argument}, such as ${example}`)
        await create(io, await askFor(ask, resolve(io.cwd, options.content)), options)
      })
    })
}

async function create(io: CliIo, skeleton: Skeleton, { content }: NewOptions): Promise<void> {
  await writeNew(skeleton, resolve(io.cwd, content))
  for (const path of skeleton.keys()) io.stdout.write(`created ${join(content, path)}\n`)
}

function isKind(kind: string): kind is keyof typeof MAKERS {
  return (KINDS as readonly string[]).includes(kind)
}

function problemWith(schema: z.ZodType<string>): (name: string) => string | undefined {
  return (name) => {
    const message = schema.safeParse(name).error?.issues[0]?.message
    return message && message.charAt(0).toUpperCase() + message.slice(1)
  }
}

function freeName(name: string, taken: readonly string[]): string {
  let free = name
  for (let at = 2; taken.includes(free); at++) free = `${name}-${at}`
  return free
}

async function flowsIn(root: string): Promise<string[]> {
  return (await namesIn(join(root, 'agents'))).filter((name) => flowName.safeParse(name).success)
}

async function typesIn(root: string, flow: string): Promise<string[]> {
  return (await namesIn(join(root, 'agents', flow))).map((name) => name.replace(/\.md$/, ''))
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort()
}

function named(schema: z.ZodType<string>, name: string): string {
  const read = schema.safeParse(name)
  if (read.success) return read.data
  throw usage(`Cannot create "${name}": ${read.error.issues[0]?.message}`)
}

function usage(message: string): CommandError {
  return new CommandError('new/name', message, { exit: EXIT.usage })
}

async function writeNew(skeleton: Skeleton, root: string): Promise<void> {
  for (const path of skeleton.keys()) {
    const there = await stat(join(root, path)).catch(() => undefined)
    if (there !== undefined) throw exists(path)
  }
  for (const [path, text] of skeleton) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' ? exists(path, error) : error
    })
  }
}

function exists(path: string, cause?: unknown): CommandError {
  return new CommandError('new/exists', `Cannot create "${path}": it exists, expected a new name`, { cause })
}
