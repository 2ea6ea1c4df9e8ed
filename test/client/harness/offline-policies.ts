import { POLICIES } from '../../../client/harness/embedded/policies/policies.ts'
import { policyOf } from '../../../client/harness/embedded/rule.ts'

/** The rules of the embedded harness. Nothing can be installed without a network, so the one that installs says so. */
export const OFFLINE_POLICIES = {
  ...POLICIES,
  'integrate-posthog/build': policyOf({
    goal: 'Show that the app still builds',
    follow: async () => ({
      status: 'not-needed',
      did: 'Changed nothing',
      reason: 'There is no network here',
    }),
  }),
}
