import { glob } from '../../../agent.ts'
import type { PolicyTools } from '../../../policy.ts'

export interface AppFolder {
  /** `app` or `src/app`. */
  readonly folder: string
  /** What the `app` folder lies in, with a slash; empty for the root. */
  readonly base: '' | 'src/'
  readonly typescript: boolean
}

/** Where the app router lives; undefined for an app that has none. */
export async function appFolder(tools: PolicyTools): Promise<AppFolder | undefined> {
  const found = await glob(tools, '{app/layout,src/app/layout}.{tsx,jsx,js,ts}')
  const [layout] = [...found].sort()
  if (layout === undefined) return undefined
  const base = layout.startsWith('src/') ? 'src/' : ''
  return { folder: `${base}app`, base, typescript: /\.tsx?$/.test(layout) }
}
