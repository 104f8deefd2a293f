import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { api } from '../api/client'
import { ACTIVE } from '../api/queries'
import { useFormat } from '../format'
import { useModule } from '../meta'
import { NotFound } from '../shell/NotFound'
import { Await } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { StateBadge } from '../ui/StateBadge'
import { ImportResult } from './ImportResult'
import { ImportSetup } from './ImportSetup'
import type { Import } from './types'

/** An import by its address: what it is to do until it is started, how far it is and what came of it from then on. */
export function ImportView() {
  const { id } = useParams()
  const query = useQuery({
    queryKey: ['imports', id],
    queryFn: () => api.get<Import>(`/v1/imports/${id}`),
    refetchInterval: ({ state }) => (state.data?.job && ACTIVE.has(state.data.job.state) ? 1_000 : false),
  })
  return <Await query={query}>{(found) => <Shown found={found} />}</Await>
}

function Shown({ found }: { found: Import }) {
  const { t } = useTranslation()
  const format = useFormat()
  const module = useModule(found.module)
  if (!module) return <NotFound />
  return (
    <>
      <PageHeader
        title={t('import.of', { name: found.name })}
        above={{ label: format.label(module.label), to: `/records/${module.id}` }}
        badge={found.job && <StateBadge state={found.job.state} />}
      />
      {found.job ? (
        <ImportResult found={found} job={found.job} module={module} />
      ) : (
        <ImportSetup found={found} module={module} />
      )}
    </>
  )
}
