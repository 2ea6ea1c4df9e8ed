import type { Policy } from '../policy.ts'
import { byFramework, policyOf } from '../rule.ts'
import { build } from './integrate-posthog/build.ts'
import { capture } from './integrate-posthog/capture.ts'
import { configure } from './integrate-posthog/configure.ts'
import { dashboard } from './integrate-posthog/dashboard.ts'
import { captureInRoute } from './integrate-posthog/express/capture.ts'
import { errorTracking as expressErrors } from './integrate-posthog/express/error-tracking.ts'
import { identify as expressIdentify } from './integrate-posthog/express/identify.ts'
import { init as expressInit } from './integrate-posthog/express/init.ts'
import { actions as expressActions } from './integrate-posthog/express/plan-capture.ts'
import { install } from './integrate-posthog/install.ts'
import { captureInHandler } from './integrate-posthog/nextjs/capture.ts'
import { errorTracking as nextErrors } from './integrate-posthog/nextjs/error-tracking.ts'
import { identify as nextIdentify } from './integrate-posthog/nextjs/identify.ts'
import { init as nextInit } from './integrate-posthog/nextjs/init.ts'
import { actions as nextActions } from './integrate-posthog/nextjs/plan-capture.ts'
import { planCapture } from './integrate-posthog/plan.ts'
import { report } from './integrate-posthog/report.ts'
import { seed } from './integrate-posthog/seed.ts'
import { seed as skeletonSeed } from './walking-skeleton/seed.ts'
import { stub } from './walking-skeleton/stub.ts'

/** `<flow>/<type>`, or `<flow>/*` for every type of a flow that has no rule of its own. */
export const POLICIES: Readonly<Record<string, Policy>> = {
  'walking-skeleton/seed': skeletonSeed,
  'walking-skeleton/*': policyOf(stub),
  'integrate-posthog/seed': seed,
  'integrate-posthog/install': byFramework({
    nextjs: install('posthog-js', '^1.449.2'),
    express: install('posthog-node', '^5.70.0'),
  }),
  'integrate-posthog/init': byFramework({ nextjs: nextInit, express: expressInit }),
  'integrate-posthog/identify': byFramework({ nextjs: nextIdentify, express: expressIdentify }),
  'integrate-posthog/error-tracking': byFramework({ nextjs: nextErrors, express: expressErrors }),
  'integrate-posthog/plan-capture': byFramework({
    nextjs: planCapture(nextActions),
    express: planCapture(expressActions),
  }),
  'integrate-posthog/capture': byFramework({
    nextjs: capture(captureInHandler),
    express: capture(captureInRoute),
  }),
  'integrate-posthog/build': policyOf(build),
  'integrate-posthog/dashboard': policyOf(dashboard),
  'integrate-posthog/configure': policyOf(configure),
  'integrate-posthog/report': policyOf(report),
}
