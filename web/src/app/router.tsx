import { lazy, Suspense } from 'react';
import { Navigate, Route, Routes, useLocation } from 'react-router';
import { Loading } from '../ui/States';
import { Home } from './Home';
import { NotFound } from './NotFound';
import { SignedIn } from './SignedIn';

// Every page is a chunk of its own, loaded when its address is first opened.
const SignIn = lazy(() => import('../features/auth/SignIn'));
const SignUp = lazy(() => import('../features/auth/SignUp'));
const InvitationPage = lazy(() => import('../features/invitation/InvitationPage'));
const Dashboard = lazy(() => import('../features/candidate/Dashboard'));
const MyDataPage = lazy(() => import('../features/mydata/MyDataPage'));
const SessionLayout = lazy(() => import('../features/attend/SessionLayout'));
const ConsentPage = lazy(() => import('../features/attend/ConsentPage'));
const CheckPage = lazy(() => import('../features/attend/CheckPage'));
const AnswerPage = lazy(() => import('../features/answer/AnswerPage'));
const RoomPage = lazy(() => import('../features/room/RoomPage'));
const DonePage = lazy(() => import('../features/attend/DonePage'));
const SessionsPage = lazy(() => import('../features/staff/SessionsPage'));
const InterviewsPage = lazy(() => import('../features/interviews/InterviewsPage'));
const InterviewPage = lazy(() => import('../features/interviews/InterviewPage'));
const EditPage = lazy(() => import('../features/interviews/EditPage'));
const WizardPage = lazy(() => import('../features/interviews/WizardPage'));
const PolicyPage = lazy(() => import('../features/staff/PolicyPage'));
const QuestionsPage = lazy(() => import('../features/questions/QuestionsPage'));
const BanksPage = lazy(() => import('../features/questions/BanksPage'));
const BankPage = lazy(() => import('../features/questions/BankPage'));
const TemplatesPage = lazy(() => import('../features/questions/TemplatesPage'));
const AccuracyPage = lazy(() => import('../features/accuracy/AccuracyPage'));
const MailsPage = lazy(() => import('../features/mails/MailsPage'));
const DataRulesPage = lazy(() => import('../features/datarules/DataRulesPage'));
const VideosPage = lazy(() => import('../features/videos/VideosPage'));
const ReviewPage = lazy(() => import('../features/review/ReviewPage'));
const VerifyPage = lazy(() => import('../features/account/VerifyPage'));
const ForgotPage = lazy(() => import('../features/account/ForgotPage'));
const ResetPage = lazy(() => import('../features/account/ResetPage'));
const JoinPage = lazy(() => import('../features/account/JoinPage'));
const AccountPage = lazy(() => import('../features/account/AccountPage'));
const ApiPage = lazy(() => import('../features/apidoc/ApiPage'));
const PeoplePage = lazy(() => import('../features/admin/PeoplePage'));
const OrganisationPage = lazy(() => import('../features/organisation/OrganisationPage'));
const AuditPage = lazy(() => import('../features/admin/AuditPage'));

/** The address of older invitations. */
function OldSignUp() {
  return <Navigate to={`/sign-up${useLocation().search}`} replace />;
}

export function Pages() {
  return (
    <Suspense fallback={<Loading />}>
      <Routes>
        <Route path="/sign-in" element={<SignIn />} />
        <Route path="/sign-up" element={<SignUp />} />
        <Route path="/sign-up/company" element={<SignUp company />} />
        <Route path="/i/:token" element={<InvitationPage />} />
        <Route path="/signup" element={<OldSignUp />} />
        <Route path="/verify-email" element={<VerifyPage />} />
        <Route path="/forgot-password" element={<ForgotPage />} />
        <Route path="/reset-password" element={<ResetPage />} />
        <Route path="/join" element={<JoinPage />} />
        <Route path="/api/docs" element={<ApiPage />} />
        <Route element={<SignedIn />}>
          <Route path="/account" element={<AccountPage />} />
          <Route path="/people" element={<PeoplePage />} />
          <Route path="/audit" element={<AuditPage />} />
          <Route path="/organisation" element={<OrganisationPage />} />
          <Route path="/" element={<Home />} />
          <Route path="/candidates/dashboard" element={<Dashboard />} />
          <Route path="/my-data" element={<MyDataPage />} />
          <Route path="/sessions" element={<SessionsPage />} />
          <Route path="/interviews" element={<InterviewsPage />} />
          <Route path="/interviews/new" element={<WizardPage />} />
          <Route path="/interviews/:interviewId" element={<InterviewPage />} />
          <Route path="/interviews/:interviewId/edit" element={<EditPage />} />
          <Route path="/interviews/:interviewId/policy" element={<PolicyPage />} />
          <Route path="/questions" element={<QuestionsPage />} />
          <Route path="/questions/banks" element={<BanksPage />} />
          <Route path="/questions/banks/:bankId" element={<BankPage />} />
          <Route path="/questions/templates" element={<TemplatesPage />} />
          <Route path="/policy" element={<PolicyPage />} />
          <Route path="/mails" element={<MailsPage />} />
          <Route path="/data-rules" element={<DataRulesPage />} />
          <Route path="/videos" element={<VideosPage />} />
          <Route path="/accuracy" element={<AccuracyPage />} />
          <Route path="/sessions/:sessionId/review" element={<ReviewPage />} />
          <Route path="/sessions/:sessionId" element={<SessionLayout />}>
            <Route index element={<Navigate to="consent" replace />} />
            <Route path="consent" element={<ConsentPage />} />
            <Route path="check" element={<CheckPage />} />
            <Route path="interview" element={<AnswerPage />} />
            <Route path="room" element={<RoomPage />} />
            <Route path="done" element={<DonePage />} />
          </Route>
        </Route>
        <Route path="*" element={<NotFound />} />
      </Routes>
    </Suspense>
  );
}
