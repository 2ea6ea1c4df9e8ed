import { mkdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Command } from 'commander'
import type { z } from 'zod'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { flowName, taskType } from '../../schemas/ids.ts'
import { skillFrontmatterSchema } from '../../schemas/skill.ts'
import { agentSkeleton, flowSkeleton, type Skeleton, skillSkeleton } from '../skeleton.ts'
import { contentOption } from './content.ts'

interface NewOptions {
  readonly content: string
}

/** `mill new`: a skeleton that passes `mill check`. */
export function newCommand(io: CliIo): Command {
  const create = async (skeleton: Skeleton, { content }: NewOptions) => {
    await writeNew(skeleton, resolve(io.cwd, content))
    for (const path of skeleton.keys()) io.stdout.write(`created ${join(content, path)}\n`)
  }
  const agent = new Command('agent')
    .description('A prompt for one more task type of a flow')
    .argument('<flow/type>', 'flow and task type, such as integrate-posthog/build')
    .addOption(contentOption())
    .addHelpText('after', '\nExample: mill new agent integrate-posthog/build')
    .action((name: string, options: NewOptions) => {
      const [flow = '', type = '', ...more] = name.split('/')
      if (more.length > 0 || type === '') {
        throw usage(`Cannot create the agent prompt "${name}": expected <flow>/<type>`)
      }
      return create(agentSkeleton(named(flowName, flow), named(taskType, type)), options)
    })
  const flow = new Command('flow')
    .description('A flow with a seed and one task')
    .argument('<name>', 'name of the flow')
    .addOption(contentOption())
    .addHelpText('after', '\nExample: mill new flow integrate-posthog')
    .action((name: string, options: NewOptions) => create(flowSkeleton(named(flowName, name)), options))
  const skill = new Command('skill')
    .description('A plain skill')
    .argument('<name>', 'name of the skill')
    .addOption(contentOption())
    .addHelpText('after', '\nExample: mill new skill event-naming')
    .action((name: string, options: NewOptions) =>
      create(skillSkeleton(named(skillFrontmatterSchema.shape.name, name)), options),
    )
  return (
    new Command('new')
      .description('Create a flow, an agent prompt or a skill')
      .addHelpText('after', '\nExample: mill new flow integrate-posthog')
      // Commands below this one were made before the program's settings were handed down.
      .hook('preSubcommand', (command, below) => void below.copyInheritedSettings(command))
      .addCommand(agent)
      .addCommand(flow)
      .addCommand(skill)
  )
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
