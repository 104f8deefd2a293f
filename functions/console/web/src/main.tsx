import '@mantine/core/styles.css'
import '@mantine/dates/styles.css'
import '@mantine/notifications/styles.css'
import 'mantine-datatable/styles.css'
import 'dayjs/locale/es'
import { MantineProvider } from '@mantine/core'
import { ModalsProvider } from '@mantine/modals'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from './api/queries'
import { App, Refused } from './App'
import { loadConfig } from './config'
import { startTranslations } from './i18n'
import { arrive, beginLogin } from './session'
import { contrast, theme } from './theme'

async function start(): Promise<void> {
  await Promise.all([loadConfig(), startTranslations()])
  const arrival = await arrive()
  const root = createRoot(document.getElementById('root') as HTMLElement)
  root.render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <MantineProvider theme={theme} cssVariablesResolver={contrast}>
          <ModalsProvider>
            <Notifications position="top-right" />
            {arrival === 'ready' ? <App /> : <Refused retry={() => void beginLogin('/console/')} />}
          </ModalsProvider>
        </MantineProvider>
      </QueryClientProvider>
    </StrictMode>,
  )
}

void start()
