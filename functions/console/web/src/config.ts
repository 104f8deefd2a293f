/** Where things are: served by the Lambda that serves this page, so that one build runs in every account. */
export interface ConsoleConfig {
  api_url: string
  /** The console's one origin that the log-in server knows; empty means: this page's own. */
  console_url: string
  login_url: string
  client_id: string
  public_url: string
}

let config: ConsoleConfig | null = null

export async function loadConfig(): Promise<void> {
  const answer = await fetch('/console/config.json')
  if (!answer.ok) throw new Error(`config.json: ${answer.status}`)
  config = (await answer.json()) as ConsoleConfig
}

export function getConfig(): ConsoleConfig {
  if (!config) throw new Error('The configuration is read before the first page is drawn')
  return config
}
