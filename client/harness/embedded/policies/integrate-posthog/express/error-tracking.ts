import { grep, rewrite, undisturbed } from '../../../agent.ts'
import type { PolicyTools } from '../../../policy.ts'
import type { Outcome, Rule } from '../../../rule.ts'
import { styleOf } from '../../../source/module.ts'
import { projectOf, withClient } from './project.ts'

/** An error-handling middleware behind every route, which hands the error on. */
export const errorTracking: Rule = {
  goal: 'Report errors that no route handles',
  follow: (tools) => undisturbed(() => addHandler(tools)),
}

async function addHandler(tools: PolicyTools): Promise<Outcome> {
  const [existing] = await grep(tools, 'captureException\\(')
  if (existing) return { status: 'done', did: `Found ${existing.file} reporting already and changed nothing` }
  const { file, text } = await projectOf(tools)
  const app = /\b(?:const|let|var)\s+(\w+)\s*(?::[^=]+)?=\s*express\(\)/.exec(text)?.[1] ?? 'app'
  const { semicolon: s, eol } = styleOf(text)
  const middleware = [
    `${app}.use((error, request, response, next) => {`,
    `  posthog?.captureException(error)${s}`,
    `  next(error)${s}`,
    `})${s}`,
  ].join(eol)
  const at = placeFor(text, app)
  const added =
    at === text.length
      ? `${text.trimEnd()}${eol}${eol}${middleware}${eol}`
      : `${text.slice(0, at)}${middleware}${eol}${eol}${text.slice(at)}`
  await rewrite(tools, file, { before: text, after: await withClient(tools, { file, text: added }) })
  return { status: 'done', did: `${file} reports errors that no route handles`, filesTouched: [file] }
}

/** In front of the first error handler, the start of listening, or the export; else the end. */
function placeFor(text: string, app: string): number {
  const routes = [...text.matchAll(new RegExp(`^${app}\\.(get|post|put|patch|delete|use)\\(`, 'gm'))]
  const after = routes.at(-1)?.index ?? 0
  const handler = new RegExp(
    `^${app}\\.use\\((?:async\\s*)?(?:function\\s*\\w*)?\\(\\w+,\\s*\\w+,\\s*\\w+,\\s*\\w+\\)`,
    'm',
  ).exec(text)
  if (handler) return handler.index
  const ending = new RegExp(`^(?:.*\\b${app}\\.listen\\(|module\\.exports\\b|export default\\b)`, 'gm')
  return [...text.matchAll(ending)].find(({ index }) => index > after)?.index ?? text.length
}
