import { z } from 'zod'

const count = z.number().nullish()
const usageSchema = z.looseObject({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
})
export type WireUsage = z.infer<typeof usageSchema>

const modelUsageSchema = z.looseObject({
  inputTokens: z.number(),
  outputTokens: z.number(),
  cacheReadInputTokens: z.number(),
  cacheCreationInputTokens: z.number(),
})
export type ModelUsage = z.infer<typeof modelUsageSchema>

const blockSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  input: z.unknown().optional(),
  tool_use_id: z.string().optional(),
  is_error: z.boolean().nullish(),
  content: z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]).optional(),
})
export type Block = z.infer<typeof blockSchema>

const said = z.looseObject({ content: z.union([z.string(), z.array(blockSchema)]) })

const resultSchema = z.looseObject({
  type: z.literal('result'),
  /** `success` only means that the program came to its end: `is_error` tells the rest. */
  subtype: z.string(),
  is_error: z.boolean(),
  api_error_status: z.number().nullish(),
  result: z.string().optional(),
  errors: z.array(z.string()).optional(),
  modelUsage: z.record(z.string(), modelUsageSchema).optional(),
})
export type ResultMessage = z.infer<typeof resultSchema>

const messageSchema = z.union([
  z.looseObject({
    type: z.literal('system'),
    subtype: z.literal('init'),
    tools: z.array(z.string()),
    model: z.string(),
  }),
  z.looseObject({
    type: z.literal('system'),
    subtype: z.literal('api_retry'),
    retry_delay_ms: z.number(),
    error_status: z.number().nullable(),
  }),
  z.looseObject({
    type: z.literal('stream_event'),
    event: z.union([
      z.looseObject({
        type: z.literal('message_start'),
        message: z.looseObject({ model: z.string(), usage: usageSchema }),
      }),
      z.looseObject({ type: z.literal('message_delta'), usage: usageSchema }),
    ]),
  }),
  z.looseObject({ type: z.literal('assistant'), message: said, error: z.string().optional() }),
  z.looseObject({ type: z.literal('user'), message: said }),
  resultSchema,
])
export type ClaudeMessage = z.infer<typeof messageSchema>

/** A message of the SDK, where it is one that tells us something. */
export function readMessage(message: unknown): ClaudeMessage | undefined {
  return messageSchema.safeParse(message).data
}

const hookInputSchema = z.looseObject({
  tool_name: z.string(),
  tool_input: z.unknown().optional(),
  tool_use_id: z.string().min(1),
})

/**
 * What a hook is asked about.
 * @throws ZodError where nobody could judge it
 */
export function readHookInput(input: unknown): z.infer<typeof hookInputSchema> {
  return hookInputSchema.parse(input)
}
