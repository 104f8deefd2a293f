import '@mantine/core/styles.css'
import '@mantine/dates/styles.css'
import '@mantine/notifications/styles.css'
import 'mantine-datatable/styles.css'
import 'dayjs/locale/es'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from './api/queries'
import { App, Refused } from './App'
import { getConfig, loadConfig } from './config'
import { startTranslations } from './i18n'
import { arrive, beginLogin } from './session'
import { contrast, theme } from './theme'

async function start(): Promise<void> {
  await Promise.all([loadConfig(), startTranslations()])
  const { console_url } = getConfig()
  // The log-in server knows one origin of the console: another name for the same server is sent there.
  if (console_url && new URL(console_url).origin !== location.origin) {
    location.replace(new URL(location.pathname + location.search, console_url))
    return
  }
  const arrival = await arrive()
  const root = createRoot(document.getElementById('root') as HTMLElement)
  root.render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <MantineProvider theme={theme} cssVariablesResolver={contrast}>
          <Notifications position="top-right" />
          {arrival === 'ready' ? <App /> : <Refused retry={() => void beginLogin('/console/')} />}
        </MantineProvider>
      </QueryClientProvider>
    </StrictMode>,
  )
}

void start()
