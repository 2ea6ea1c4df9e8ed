/** What a seed is told when the tree has no `shared/seed-contract.md`. */
export const DEFAULT_SEED_CONTRACT = `You plan this run; you do none of its work.

Look at the project briefly, then queue each task with \`enqueue_task\` as soon as you know that it is needed. Let a task depend only on tasks whose result it needs. Change no file. Stop when the plan is complete.
`

/** What every task is told when the tree has no `shared/task-contract.md`. */
export const DEFAULT_TASK_CONTRACT = `You have one task and no memory of earlier ones; what they left for you is part of this prompt.

Do this task and nothing else, inside the project folder. End with one call of \`complete_task\`: \`done\`, \`not-needed\` or \`failed\`, with a handoff that tells the next agent what you did and what it should know.
`
