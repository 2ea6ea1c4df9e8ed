type Environment = Readonly<Record<string, string | undefined>>

/** How models are reached and paid for. Goes to a harness and nowhere else: no event, journal or tool ever sees it. */
export interface ModelAccess {
  readonly anthropic: { readonly apiKey?: string; readonly authToken?: string; readonly baseUrl?: string }
  readonly openai: {
    readonly apiKey?: string
    readonly baseUrl?: string
    /** Somebody else's endpoint that speaks as OpenAI does, and what it wants to be paid with. */
    readonly endpointUrl?: string
    readonly endpointKey?: string
  }
  /** True when a script answers instead of a model: such a run says so, and claims to have cost nothing. */
  readonly isScripted: boolean
}

/** Reads it from the variables that each provider's own clients read, and from `MILL_…` for what is only ours. */
export function readModelAccess(env: Environment): ModelAccess {
  return {
    anthropic: {
      ...given('apiKey', env.ANTHROPIC_API_KEY),
      ...given('authToken', env.ANTHROPIC_AUTH_TOKEN),
      ...given('baseUrl', env.ANTHROPIC_BASE_URL),
    },
    openai: {
      ...given('apiKey', env.OPENAI_API_KEY),
      ...given('baseUrl', env.OPENAI_BASE_URL),
      ...given('endpointUrl', env.MILL_OPENAI_BASE_URL),
      ...given('endpointKey', env.MILL_OPENAI_API_KEY),
    },
    isScripted: env.MILL_SCRIPTED_MODEL === '1',
  }
}

/** What the environment says of telemetry. */
export interface TelemetryConfig {
  /** Of a PostHog project; not a secret. */
  readonly posthogKey?: string
  /** Where a collector takes traces. */
  readonly otlpUrl?: string
  /** True when nothing may leave this machine. */
  readonly doNotTrack: boolean
}

/** Reads `MILL_TELEMETRY_POSTHOG_KEY`, `DO_NOT_TRACK`, and what OpenTelemetry names for its exporters. */
export function readTelemetryConfig(env: Environment): TelemetryConfig {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces } = env
  const isOff = env.OTEL_SDK_DISABLED?.toLowerCase() === 'true'
  return {
    ...given('posthogKey', env.MILL_TELEMETRY_POSTHOG_KEY),
    ...given('otlpUrl', isOff ? undefined : traces || (endpoint && tracesAt(endpoint))),
    doNotTrack: !['', '0', 'false'].includes(env.DO_NOT_TRACK?.toLowerCase() ?? ''),
  }
}

/** Where a collector takes traces, by its address. */
export function tracesAt(endpoint: string): string {
  return /\/v1\/traces\/?$/.test(endpoint) ? endpoint : `${endpoint.replace(/\/+$/, '')}/v1/traces`
}

/** An empty variable is as good as none. */
function given<Key extends string>(key: Key, value: string | undefined): { readonly [K in Key]?: string } {
  return (value === undefined || value === '' ? {} : { [key]: value }) as { readonly [K in Key]?: string }
}
