import { z } from 'zod'
import type { HostTool } from '../harness/harness.ts'
import { hostTool } from './host-tool.ts'
import { packageFolders } from './packages/package-folders.ts'
import { type PackageManager, packageManagerOf } from './packages/package-manager.ts'

/** Tells which program installs the app's packages, and how. */
export function detectPackageManager(app: string): HostTool {
  return hostTool({
    name: 'detect_package_manager',
    description: 'Tell which package manager the app uses, by lockfiles and package.json, and its commands.',
    input: z.strictObject({}),
    run: async () => told(packageManagerOf(await packageFolders(app))),
  })
}

function told({ name, version, evidence, root, isWorkspace, others }: PackageManager): string {
  const where = root === '.' ? '' : `, in ${root}`
  return [
    `Package manager: ${name}${version === undefined ? '' : ` ${version}`} (${evidence}${where})`,
    `Install: ${name} install`,
    `Run a script: ${name} run <script>`,
    ...(isWorkspace ? [`Workspaces: yes, their root is ${root}`] : []),
    ...(others.length > 0 ? [`Probably left over: ${others.join(', ')}`] : []),
  ].join('\n')
}
