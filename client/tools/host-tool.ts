import { z } from 'zod'
import type { HostTool } from '../harness/harness.ts'

interface Offer<S extends z.ZodType> {
  readonly name: string
  readonly description: string
  readonly input: S
  readonly endsRun?: boolean
  readonly run: (input: z.output<S>, signal: AbortSignal) => Promise<string> | string
}

/** A host tool whose input is checked once, here; what is wrong with it is told field by field. */
export function hostTool<S extends z.ZodType>(offer: Offer<S>): HostTool {
  const { name, description, input: schema, endsRun } = offer
  return {
    name,
    description,
    input: z.toJSONSchema(schema, { io: 'input' }),
    ...(endsRun === undefined ? {} : { endsRun }),
    run: async (input, signal) => {
      const parsed = schema.safeParse(input)
      if (!parsed.success) throw new Error(`Cannot call ${name}: ${problemsOf(parsed.error)}`)
      return await offer.run(parsed.data, signal)
    },
  }
}

function problemsOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`).join('; ')
}
