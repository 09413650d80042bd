"""The statements that make the rows, in order; o numbers organisations (0 has most), n interviews."""

ORGANISATION_OF = (
    "CASE WHEN n < :first_interviews OR :organisations = 1 THEN 0 ELSE 1 + n % (:organisations - 1) END"
)
"""Whose an interview is."""

STATEMENTS = (
    """
    CREATE TEMPORARY TABLE bench_organisations ON COMMIT DROP AS
    SELECT o, bench_id('organisation', o, :now - interval '2 years') AS id FROM generate_series(0, :organisations - 1) o
    """,
    """
    INSERT INTO organisations (id, name, slug, created_at)
    SELECT id, 'Company ' || o, 'company-' || o, :now - interval '2 years' FROM bench_organisations
    """,
    # The staff: one of each role everywhere, and many people in the first organisation.
    """
    CREATE TEMPORARY TABLE bench_staff ON COMMIT DROP AS
    SELECT o, organisation, role, email, bench_id('user', row_number() OVER (), :now - interval '2 years') AS id
    FROM (
        SELECT o, id AS organisation, role, role || o || '@example.com' AS email
        FROM bench_organisations, unnest(ARRAY['admin', 'recruiter', 'interviewer', 'reviewer']) role
        UNION ALL
        SELECT o, id, 'reviewer', 'colleague' || o || '-' || m || '@example.com'
        FROM bench_organisations, generate_series(1, CASE WHEN o = 0 THEN :members ELSE 2 END) m
    ) everybody
    """,
    """
    INSERT INTO users (id, email, full_name, password_hash, auth_provider, is_verified)
    SELECT id, email, initcap(role) || ' of company ' || o, :password_hash, 'local', true FROM bench_staff
    """,
    """
    INSERT INTO memberships (id, organisation_id, user_id, role)
    SELECT bench_id('membership', row_number() OVER (), :now - interval '2 years'), organisation, id, role
    FROM bench_staff
    """,
    """
    INSERT INTO colleague_invites (id, organisation_id, email, role, token_hash, expires_at)
    SELECT bench_id('colleague', o * 1000 + m, :now - interval '1 day'), id, 'new' || m || '@example.com',
        'reviewer', sha256(('colleague' || o || '-' || m)::bytea), :now + interval '6 days'
    FROM bench_organisations, generate_series(1, CASE WHEN o = 0 THEN 100 ELSE 1 END) m
    """,
    """
    INSERT INTO sign_in_families (id, user_id, auth_provider, last_used_at, expires_at)
    SELECT bench_id('family', f * 1000 + o, :now - interval '1 day'), id, 'local', :now,
        :now + interval '9 days'
    FROM bench_staff, generate_series(1, CASE WHEN o = 0 THEN 20 ELSE 1 END) f WHERE role = 'admin'
    """,
    """
    INSERT INTO api_tokens (id, organisation_id, user_id, name, token_hash, scope, expires_at)
    SELECT bench_id('token', f * 1000 + o, :now - interval '1 day'), organisation, id, 'token ' || f,
        sha256(('token' || o || '-' || f)::bytea), 'read', :now + interval '9 days'
    FROM bench_staff, generate_series(1, CASE WHEN o = 0 THEN 20 ELSE 1 END) f WHERE role = 'admin'
    """,
    # Questions, three tags each, and banks and templates.
    """
    CREATE TEMPORARY TABLE bench_questions ON COMMIT DROP AS
    SELECT q, o, organisations.id AS organisation,
        bench_id('question', q, :now - interval '1 year' + q * interval '1 minute') AS id
    FROM generate_series(0, :questions - 1) q
    JOIN bench_organisations organisations
        ON o = CASE WHEN q < :first_questions OR :organisations = 1 THEN 0 ELSE 1 + q % (:organisations - 1) END
    """,
    """
    INSERT INTO questions (id, organisation_id, text, category, difficulty, archived_at, version)
    SELECT id, organisation, 'What would you do about case ' || q || ', and why?',
        (ARRAY['technical', 'behavioral', 'domain-specific', 'custom'])[1 + q % 4],
        (ARRAY['easy', 'medium', 'hard'])[1 + q % 3], CASE WHEN q % 20 = 7 THEN :now END, 1
    FROM bench_questions
    """,
    """
    CREATE TEMPORARY TABLE bench_tags ON COMMIT DROP AS
    SELECT t, o, id AS organisation, bench_id('tag', o * 1000 + t, :now - interval '1 year') AS id
    FROM bench_organisations, generate_series(0, CASE WHEN o = 0 THEN 199 ELSE 2 END) t
    """,
    """
    INSERT INTO tags (id, organisation_id, name, folded, version)
    SELECT id, organisation, 'tag ' || t, 'tag ' || t, 1 FROM bench_tags
    """,
    """
    INSERT INTO question_tags (organisation_id, question_id, tag_id)
    SELECT DISTINCT questions.organisation, questions.id, tags.id
    FROM bench_questions questions CROSS JOIN generate_series(0, 2) k
    JOIN bench_tags tags ON tags.o = questions.o AND t = (q * (1 + k)) % CASE WHEN questions.o = 0 THEN 200 ELSE 3 END
    """,
    """
    CREATE TEMPORARY TABLE bench_banks ON COMMIT DROP AS
    SELECT b, o, id AS organisation, bench_id('bank', o * 1000 + b, :now - interval '1 year') AS id
    FROM bench_organisations, generate_series(0, CASE WHEN o = 0 THEN 99 ELSE 1 END) b
    """,
    """
    INSERT INTO question_banks (id, organisation_id, name, version)
    SELECT id, organisation, 'bank ' || b, 1 FROM bench_banks
    """,
    """
    INSERT INTO bank_questions (organisation_id, bank_id, question_id, position)
    SELECT questions.organisation, banks.id, questions.id, q
    FROM bench_questions questions
    JOIN bench_banks banks ON banks.o = questions.o AND b = q % CASE WHEN questions.o = 0 THEN 100 ELSE 2 END
    """,
    """
    INSERT INTO interview_templates (id, organisation_id, name, question_count, duration_minutes, version)
    SELECT bench_id('template', o * 1000 + b, :now - interval '1 year'), organisation, 'template ' || b, 5, 30, 1
    FROM bench_banks
    """,
    """
    INSERT INTO template_banks (organisation_id, template_id, bank_id)
    SELECT organisation, bench_id('template', o * 1000 + b, :now - interval '1 year'), id FROM bench_banks
    """,
    """
    INSERT INTO template_tags (organisation_id, template_id, tag_id)
    SELECT organisation, bench_id('template', o * 1000 + t, :now - interval '1 year'), id
    FROM bench_tags WHERE t < CASE WHEN o = 0 THEN 100 ELSE 2 END
    """,
    # Interviews of the last months (older sessions would be past their retention and deleted), with three questions each.
    f"""
    CREATE TEMPORARY TABLE bench_interviews ON COMMIT DROP AS
    SELECT n, at, organisations.o, organisations.id AS organisation, bench_id('interview', n, at) AS id
    FROM (
        SELECT n, :now - interval '120 days' * (1 - n / :interviews::float) AS at,
            {ORGANISATION_OF} AS o
        FROM generate_series(0, :interviews - 1) n
    ) interviews
    JOIN bench_organisations organisations USING (o)
    """,
    """
    INSERT INTO interviews (id, organisation_id, title, kind, status, think_seconds, answer_seconds, takes,
        recruiter_id, version, created_at)
    SELECT interviews.id, interviews.organisation,
        (ARRAY['Engineer', 'Designer', 'Accountant', 'Nurse'])[1 + n % 4] || ' number ' || n,
        CASE WHEN n % 5 = 4 THEN 'live' ELSE 'one_way' END,
        CASE WHEN n % 7 = 3 THEN 'completed' ELSE 'active' END, 30, 120, 2, staff.id, 1, at
    FROM bench_interviews interviews JOIN bench_staff staff USING (o) WHERE staff.role = 'recruiter'
    """,
    """
    INSERT INTO interview_questions (id, organisation_id, interview_id, text, order_index)
    SELECT bench_id('asked', n * 3 + k, at), organisation, id, 'Question ' || k, k
    FROM bench_interviews, generate_series(0, 2) k
    """,
    """
    INSERT INTO interview_interviewers (organisation_id, interview_id, user_id, position)
    SELECT interviews.organisation, interviews.id, staff.id, 0
    FROM bench_interviews interviews JOIN bench_staff staff USING (o) WHERE staff.role = 'interviewer'
    """,
    """
    INSERT INTO proctoring_policies (id, organisation_id, version, rules, is_default)
    SELECT bench_id('policy', o, :now - interval '2 years'), id, 1, :rules::jsonb, true
    FROM bench_organisations
    """,
    # Invites: every tenth to the newest interview of the first organisation, the others to all in turn. Of ten
    # six were accepted, two are open, one expired and one was revoked.
    """
    CREATE TEMPORARY TABLE bench_invites ON COMMIT DROP AS
    SELECT i, n, o, organisation, interviews.id AS interview, bench_id('invite', i, made) AS id, made,
        CASE WHEN i % 10 = 0 THEN i / 10 % 10 ELSE i % 10 END AS kind
    FROM (
        SELECT i, CASE WHEN i % 10 = 0 THEN :first_interviews - 1 ELSE (i - i / 10 - 1) % :interviews END AS n
        FROM generate_series(0, :invites - 1) i
    ) numbered
    JOIN bench_interviews interviews USING (n)
    CROSS JOIN LATERAL (
        SELECT LEAST(at + i * interval '1 second', :now - interval '1 minute') AS made
    ) moment
    """,
    """
    INSERT INTO invites (id, organisation_id, interview_id, email, name, code_hash, token_hash, status, expires_at,
        opened_at, created_at)
    SELECT id, organisation, interview, 'candidate' || i || '@example.com', 'Candidate ' || i,
        sha256(('code' || i)::bytea), sha256(('link' || i)::bytea),
        CASE WHEN kind < 6 THEN 'accepted' WHEN kind < 8 THEN 'pending' WHEN kind = 8 THEN 'expired' ELSE 'revoked' END,
        :now + interval '7 days', CASE WHEN kind < 7 THEN made END, made
    FROM bench_invites
    """,
    """
    INSERT INTO mails (id, organisation_id, invite_id, kind, to_email, sender_name, subject, status, priority,
        attempts, next_attempt_at, last_error, sent_at, created_at)
    SELECT bench_id('mail', i, made), organisation, id, 'invite', 'candidate' || i || '@example.com', 'Company ' || o,
        'You are invited', CASE WHEN failed THEN 'failed' ELSE 'sent' END, 1, 1, made,
        CASE WHEN failed THEN '550 no such mailbox' END, CASE WHEN NOT failed THEN made END, made
    FROM (SELECT *, kind = 7 AND i % 3 = 0 AS failed FROM bench_invites) invites
    """,
    # Two who have accounts already are invited once more: the second to one interview, the first to many.
    """
    INSERT INTO invites (id, organisation_id, interview_id, email, code_hash, token_hash, status, expires_at, created_at)
    SELECT bench_id('own', n, :now - interval '1 day'), organisation, id,
        CASE WHEN n = 4 THEN 'candidate2@example.com' ELSE 'candidate1@example.com' END,
        sha256(('own code' || n)::bytea), sha256(('own link' || n)::bytea), 'pending', :now + interval '7 days',
        :now - interval '1 day'
    FROM bench_interviews WHERE n = 4 OR n BETWEEN :participations + 1 AND :participations + 60
    """,
    # Who accepted has an account, and a session.
    """
    INSERT INTO users (id, email, full_name, password_hash, auth_provider, is_verified)
    SELECT bench_id('candidate', i, made), 'candidate' || i || '@example.com', 'Candidate ' || i, :password_hash,
        'local', true
    FROM bench_invites WHERE kind < 6
    """,
    """
    CREATE TEMPORARY TABLE bench_sessions ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY made, i) - 1 AS s, n, o, organisation, interview, invite, candidate, made,
        bench_id('participant', i, made) AS participant, bench_id('session', i, made) AS id,
        CASE WHEN i % 25 = 1 THEN 'in_progress' WHEN i % 25 = 2 THEN 'scheduled' ELSE 'completed' END AS status
    FROM (
        SELECT i, n, o, organisation, interview, id AS invite, bench_id('candidate', i, made) AS candidate, made
        FROM bench_invites WHERE kind < 6
        UNION ALL  -- the first of them takes part in many more interviews
        SELECT :invites + n, n, o, organisation, id, NULL,
            (SELECT bench_id('candidate', i, made) FROM bench_invites WHERE i = 1), at
        FROM bench_interviews WHERE n BETWEEN 2 AND :participations
    ) taking
    """,
    """
    INSERT INTO participants (id, organisation_id, interview_id, user_id, invite_id, status, joined_at)
    SELECT participant, organisation, interview, candidate, invite,
        CASE WHEN status = 'completed' THEN 'completed' ELSE 'active' END, made
    FROM bench_sessions
    """,
    """
    UPDATE invites SET accepted_by = candidate, accepted_at = made FROM bench_sessions WHERE invites.id = invite
    """,
    """
    INSERT INTO interview_sessions (id, organisation_id, interview_id, participant_id, candidate_id, type, mode,
        status, meeting_provider, started_at, ended_at, created_at, version)
    SELECT id, organisation, interview, participant, candidate, 'video', 'video', status, 'viva',
        CASE WHEN status <> 'scheduled' THEN made END, CASE WHEN status = 'completed' THEN made END, made, 1
    FROM bench_sessions
    """,
    """
    INSERT INTO session_policies (organisation_id, session_id, policy_id)
    SELECT organisation, id, bench_id('policy', o, :now - interval '2 years') FROM bench_sessions
    """,
    """
    INSERT INTO session_interviewers (organisation_id, session_id, user_id, panel_role)
    SELECT sessions.organisation, sessions.id, staff.id, 'lead'
    FROM bench_sessions sessions JOIN bench_staff staff USING (o) WHERE staff.role = 'interviewer' AND n % 5 = 4
    """,
    """
    INSERT INTO consents (id, organisation_id, session_id, user_id, text_version, text, full_name, given_at)
    SELECT bench_id('consent', s, made), organisation, id, candidate, '1', 'I agree.', 'Candidate', made
    FROM bench_sessions
    """,
    # Videos of those who began, in turn; the take that was made last is the chosen one.
    """
    CREATE TEMPORARY TABLE bench_begun ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY s) - 1 AS b, count(*) OVER () AS all_begun, *
    FROM bench_sessions WHERE status <> 'scheduled'
    """,
    """
    CREATE TEMPORARY TABLE bench_videos ON COMMIT DROP AS
    SELECT v, begun.*, bench_id('video', v, made) AS video, bench_id('asked', n * 3 + v / all_begun % 3,
        (SELECT at FROM bench_interviews WHERE bench_interviews.n = begun.n)) AS question
    FROM generate_series(0, :videos - 1) v
    JOIN bench_begun begun ON begun.b = v % (SELECT count(*) FROM bench_begun)
    """,
    """
    INSERT INTO interview_videos (id, organisation_id, session_id, question_id, participant_id, source, status,
        storage_key, thumbnail_key, container, video_codec, audio_codec, width, height, duration_ms, bytes, sha256,
        waveform, started_at, ended_at, uploaded_at, take_number, is_selected, created_at)
    SELECT video, organisation, id, question, candidate, 'camera', CASE WHEN v % 50 = 7 THEN 'failed' ELSE 'ready' END,
        'interview_videos/' || video, 'interview_videos/' || video || '.jpg', 'webm', 'vp8', 'opus', 1280, 720, 60000,
        10000000, repeat('0', 64), '{"peaks": [0, 1, 2]}', made, made, made, 1, true, made
    FROM bench_videos
    """,
    """
    INSERT INTO recording_segments (id, organisation_id, video_id, index, key, started_at, offset_ms)
    SELECT bench_id('segment', v, made), organisation, video, 0, 'segments/' || video, made, 0 FROM bench_videos
    """,
    """
    INSERT INTO proctoring_events (id, organisation_id, session_id, video_id, event_type, severity, detected_at,
        offset_ms, duration_seconds, is_open, reviewed, verdict)
    SELECT bench_id('event', e, made), organisation, id, video,
        (ARRAY['no_face', 'looking_away', 'tab_switch'])[1 + e % 3], (ARRAY['low', 'medium', 'high'])[1 + e % 3],
        made, e % 60000, 2, false, e % 4 = 0, CASE WHEN e % 4 = 0 THEN 'dismissed' ELSE 'none' END
    FROM generate_series(0, :events - 1) e JOIN bench_videos ON v = e % :videos
    """,
    """
    UPDATE interview_sessions SET event_count = events, unreviewed_count = unreviewed
    FROM (SELECT session_id, count(*) AS events, count(*) FILTER (WHERE NOT reviewed) AS unreviewed
        FROM proctoring_events GROUP BY session_id) counted
    WHERE counted.session_id = interview_sessions.id
    """,
    """
    INSERT INTO audit_entries (id, at, organisation_id, actor_id, action, entity_type, entity_id, ip)
    SELECT bench_id('audit', i, made), made, organisation, staff.id,
        (ARRAY['interview.invited', 'invite.resent', 'member.changed'])[1 + a % 3], 'interview', interview, '127.0.0.1'
    FROM (SELECT *, i AS a FROM bench_invites WHERE i < :audit_entries) invites
    JOIN bench_staff staff USING (o, organisation) WHERE staff.role = 'recruiter'
    """,
)
