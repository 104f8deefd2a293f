import { Button, Stack, Tabs } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState, type FormEvent } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { api } from '../api/client'
import type { FieldError, Values } from '../api/types'
import { Errors, ErrorSummary, errorsOf } from '../editing/errors'
import { forgetDraft, keptDraft, KeptNotice, useKeep } from '../editing/kept'
import { LeaveGuard } from '../editing/LeaveGuard'
import { useMeta } from '../meta'
import { NotFound } from '../shell/NotFound'
import { tell } from '../ui/confirm'
import { Await } from '../ui/Feedback'
import { OneLineTabs } from '../ui/OneLineTabs'
import { PageHeader } from '../ui/PageHeader'
import { SaveBar } from '../ui/SaveBar'
import { changesOf, PAGES, withChanges, type Changes } from './declared'
import { NumbersFields } from './NumbersFields'
import { PlainFields } from './PlainFields'
import { VisibilityFields } from './VisibilityFields'

/** The settings of the house, a page each; administrators change them. */
export function SettingsPage() {
  const { t } = useTranslation()
  const { id = 'company' } = useParams()
  const navigate = useNavigate()
  const { user } = useMeta()
  const query = useQuery({ queryKey: ['settings', id], queryFn: () => api.get<Values>(`/v1/settings/${id}`), staleTime: 0, gcTime: 0 })
  if (!PAGES.includes(id) || user.role !== 'admin') return <NotFound />
  return (
    <>
      <PageHeader title={t('nav.settings')} />
      <Tabs value={id} onChange={(page) => page && void navigate(`/settings/${page}`)} mb="md">
        <OneLineTabs
          chosen={id}
          tabs={PAGES.map((page) => ({ id: page, label: t(`settings.${page}.title`) }))}
          onChoose={(page) => void navigate(`/settings/${page}`)}
        />
        <Tabs.Panel value={id}>
          <Await query={query}>{(found) => <Settings key={id} id={id} found={found} />}</Await>
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

function Settings({ id, found }: { id: string; found: Values }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const form = useRef<HTMLFormElement>(null)
  const [base, setBase] = useState(found)
  const key = `settings/${id}`
  // Only what was changed is kept: of what somebody else has changed meanwhile the rest is theirs.
  const [kept, setKept] = useState(() => keptDraft<Changes>(key))
  const [draft, setDraft] = useState(() => (kept ? withChanges(found, kept) : found))
  const [errors, setErrors] = useState<FieldError[]>([])
  const dirty = useRef(false)
  dirty.current = JSON.stringify(draft) !== JSON.stringify(base)
  const unsaved = useCallback(() => dirty.current, [])
  useKeep(key, dirty.current ? changesOf(draft, base) : null)
  const discard = () => {
    setKept(null)
    setDraft(base)
    setErrors([])
  }
  const save = useMutation({
    mutationFn: () => api.put<Values>(`/v1/settings/${id}`, draft),
    onSuccess: (saved) => {
      setBase(saved)
      setDraft(saved)
      setKept(null)
      setErrors([])
      tell(t('record.saved'))
      void client.invalidateQueries({ queryKey: ['meta'] })
      void client.invalidateQueries({ queryKey: ['deliverability'] })
      void client.invalidateQueries({ queryKey: ['numbers'] })
    },
    onError: (problem) => {
      // At once: the next frame may come before the errors stand at their fields.
      flushSync(() => setErrors(errorsOf(problem)))
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  const Fields = id === 'numbers' ? NumbersFields : id === 'visibility' ? VisibilityFields : PlainFields
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Errors value={errors}>
        <Stack maw={860}>
          {kept && <KeptNotice without={id === 'transports'} onDiscard={discard} />}
          <Fields id={id} draft={draft} change={setDraft} />
          <ErrorSummary problem={save.error} errors={errors} />
          <SaveBar>
            <Button type="submit" loading={save.isPending}>
              {t('action.save')}
            </Button>
          </SaveBar>
        </Stack>
      </Errors>
      <LeaveGuard unsaved={unsaved} onLeave={() => forgetDraft(key)} />
    </form>
  )
}
