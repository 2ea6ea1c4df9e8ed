/** A run in a process of its own: `node told-run.ts <app> <host or ""> <collector or ""> <limit>`. Prints the libraries it loaded. */
import { registerHooks } from 'node:module'

const LIBRARY = /node_modules\/(posthog-node|@posthog|@opentelemetry)\//
const loaded = new Set<string>()
registerHooks({
  load: (url, context, next) => {
    const [, library] = LIBRARY.exec(url) ?? []
    if (library !== undefined) loaded.add(library)
    return next(url, context)
  },
})

const [, , app = '', host, collector, limit] = process.argv
const { run } = await import('../../../client/run.ts')
const { configuredTelemetry } = await import('../../../client/telemetry/configured.ts')
const { flow, options, threeTasks, world } = await import('../scripted.ts')
const losses: string[] = []
const faces = configuredTelemetry({
  flags: { ...(host ? { telemetryPosthog: host } : {}), ...(collector ? { telemetryOtlp: collector } : {}) },
  ...{ config: { posthogKey: 'phc_test', doNotTrack: false }, cwd: app, app },
  onLoss: (loss) => void losses.push(loss),
  closeMs: Number(limit),
})
const { verdict } = await run(options(app, threeTasks, { faces: () => faces }), world(flow))
process.stdout.write(JSON.stringify({ verdict, losses, loaded: [...loaded].sort() }))
