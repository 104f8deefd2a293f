import { Center, Container } from '@mantine/core'
import { ModalsProvider } from '@mantine/modals'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  createBrowserRouter,
  createRoutesFromElements,
  Navigate,
  Outlet,
  Route,
  RouterProvider,
  useLocation,
} from 'react-router'
import { useMetaQuery } from './api/queries'
import { AssignmentsPage } from './assignments/AssignmentsPage'
import { DefinitionList } from './definitions/DefinitionList'
import { DefinitionPage } from './definitions/DefinitionPage'
import { NOUNS } from './definitions/nouns'
import { FilterList } from './filters/FilterList'
import { JobPage } from './jobs/JobPage'
import { JobsPage } from './jobs/JobsPage'
import { OpenQuestionsPage } from './messages/OpenQuestions'
import { MetaProvider, useMeta } from './meta'
import { BinPage } from './records/BinPage'
import { ListPage } from './records/ListPage'
import { RecordPage } from './records/RecordPage'
import { SegmentList } from './segments/SegmentList'
import { SegmentPage } from './segments/SegmentPage'
import { Broken, ErrorBoundary } from './shell/ErrorBoundary'
import { NotFound } from './shell/NotFound'
import { Shell } from './shell/Shell'
import { Loading, ProblemAlert } from './ui/Feedback'

// Forms carry every kind of input, calendars included: fetched when somebody edits.
const CreatePage = lazy(async () => ({ default: (await import('./records/FormPage')).CreatePage }))
const EditPage = lazy(async () => ({ default: (await import('./records/FormPage')).EditPage }))
const MergePage = lazy(async () => ({ default: (await import('./records/MergePage')).MergePage }))
const FieldsPage = lazy(async () => ({ default: (await import('./customfields/FieldsPage')).FieldsPage }))
const SuppressionsPage = lazy(async () => ({ default: (await import('./deliverability/SuppressionsPage')).SuppressionsPage }))
const DeliverabilityPage = lazy(async () => ({ default: (await import('./deliverability/DeliverabilityPage')).DeliverabilityPage }))
const UsersPage = lazy(async () => ({ default: (await import('./users/UsersPage')).UsersPage }))
const WebhooksPage = lazy(async () => ({ default: (await import('./webhooks/WebhooksPage')).WebhooksPage }))
const SettingsPage = lazy(async () => ({ default: (await import('./settings/SettingsPage')).SettingsPage }))
const CreateDefinition = lazy(async () => ({ default: (await import('./editing/EditorPage')).CreateDefinition }))
const ImportPage = lazy(async () => ({ default: (await import('./exchange/ImportPage')).ImportPage }))
const ImportView = lazy(async () => ({ default: (await import('./exchange/ImportView')).ImportView }))
const EditDefinition = lazy(async () => ({ default: (await import('./editing/EditorPage')).EditDefinition }))

export function App() {
  const { data, error, refetch } = useMetaQuery()
  if (data)
    return (
      <MetaProvider meta={data}>
        {/* What a question shows is drawn from the declarations too. */}
        <ModalsProvider>
          <Pages />
        </ModalsProvider>
      </MetaProvider>
    )
  return (
    <Container size="xs" pt={80}>
      {error ? <ProblemAlert error={error} retry={() => void refetch()} /> : <Loading lines={5} />}
    </Container>
  )
}

/** The log-in page sent somebody back without an answer that is ours. */
export function Refused({ retry }: { retry: () => void }) {
  const { t } = useTranslation()
  return (
    <Center h="100vh" px="md">
      <ProblemAlert error={new Error(t('problem.login'))} retry={retry} />
    </Center>
  )
}

/** The first place to be: the first module of the menu that exists. */
function Home() {
  const { modules } = useMeta()
  const first = modules.find(({ id }) => id === 'campaigns') ?? modules[0]
  return first ? <Navigate to={`/records/${first.id}`} replace /> : <NotFound />
}

function Guarded() {
  const { pathname } = useLocation()
  return (
    <ErrorBoundary key={pathname}>
      <Suspense fallback={<Loading lines={8} />}>
        <Outlet />
      </Suspense>
    </ErrorBoundary>
  )
}

/** A router that knows where it is going can ask first: unsaved changes are not lost on one click. */
function Pages() {
  const [router] = useState(() => createBrowserRouter(createRoutesFromElements(ROUTES), { basename: '/console' }))
  return <RouterProvider router={router} />
}

const ROUTES = (
  <Route element={<Shell />} errorElement={<Broken />}>
    <Route element={<Guarded />}>
      <Route index element={<Home />} />
      <Route path="records/:module" element={<ListPage />} />
      <Route path="records/:module/import" element={<ImportPage />} />
      <Route path="imports/:id" element={<ImportView />} />
      <Route path="records/:module/new" element={<CreatePage />} />
      <Route path="records/:module/:id" element={<RecordPage />} />
      <Route path="records/:module/:id/edit" element={<EditPage />} />
      <Route path="records/:module/:id/merge" element={<MergePage />} />
      <Route path="bin/:module" element={<BinPage />} />
      <Route path="segments" element={<SegmentList />} />
      <Route path="segments/:id" element={<SegmentPage />} />
      <Route path="assignments" element={<AssignmentsPage />} />
      <Route path="fields/:module?" element={<FieldsPage />} />
      <Route path="users" element={<UsersPage />} />
      <Route path="webhooks" element={<WebhooksPage />} />
      <Route path="settings/:id?" element={<SettingsPage />} />
      <Route path="jobs" element={<JobsPage />} />
      <Route path="jobs/:id" element={<JobPage />} />
      <Route path="open-questions" element={<OpenQuestionsPage />} />
      <Route path="suppressions" element={<SuppressionsPage />} />
      <Route path="deliverability" element={<DeliverabilityPage />} />
      {NOUNS.map((noun) => (
        <Route key={noun.path} path={noun.path}>
          <Route index element={noun.path === 'filters' ? <FilterList /> : <DefinitionList noun={noun} />} />
          <Route path="new" element={<CreateDefinition noun={noun} />} />
          <Route path=":id" element={<DefinitionPage noun={noun} />} />
          <Route path=":id/edit" element={<EditDefinition noun={noun} />} />
        </Route>
      ))}
      <Route path="*" element={<NotFound />} />
    </Route>
  </Route>
)
