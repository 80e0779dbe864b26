"""The tables, as an ordered list of migrations that only grows at its end; the same DDL runs on both engines.

Times are BIGINT milliseconds since 1970. Ids of jobs and ledger rows are made by the app and sort by time.
"""

SERVER = 0
"""The user id of the account that stands for a whole server."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # What a server's admins decided; a null means that the settings decide. `providers` are in the server's order.
        """create table guild (
            guild_id bigint not null primary key,
            providers text,
            default_credits bigint,
            period text,
            server_credits bigint,
            channel_rules text,
            locale text,
            updated_ms bigint not null
        )""",
        # What an admin said about one member or role.
        """create table allowance (
            guild_id bigint not null,
            subject text not null check (subject in ('member', 'role')),
            subject_id bigint not null,
            credits bigint not null check (credits >= 0),
            updated_ms bigint not null,
            primary key (guild_id, subject, subject_id)
        )""",
        # One row a person and period, and one (user_id 0) for the server itself; a new period is a new row.
        """create table account (
            guild_id bigint not null,
            user_id bigint not null,
            period text not null,
            cap bigint not null,
            granted bigint not null default 0,
            used bigint not null default 0 check (used >= 0),
            primary key (guild_id, period, user_id)
        )""",
        # Append-only; an account's `used` is the sum of reserve, settle and refund.
        """create table ledger (
            id text not null primary key,
            guild_id bigint not null,
            user_id bigint not null,
            period text not null,
            job_id text,
            request_id text not null unique,
            kind text not null check (kind in ('reserve', 'settle', 'refund', 'grant')),
            amount bigint not null,
            at_ms bigint not null
        )""",
        "create unique index ledger_one_end on ledger (job_id) where kind in ('settle', 'refund')",
        "create index ledger_person on ledger (guild_id, period, user_id)",
        """create table job (
            id text not null primary key,
            request_id text not null unique,
            dedupe_key text,
            kind text not null,
            state text not null check (state in
                ('received', 'queued', 'submitting', 'running', 'ready', 'done', 'failing', 'failed')),
            guild_id bigint not null,
            channel_id bigint not null,
            user_id bigint not null,
            roles text not null,
            file_limit bigint not null,
            period text,
            message_id bigint,
            token text,
            token_until_ms bigint not null default 0,
            parent_job_id text references job (id),
            parent_slot bigint,
            provider text not null,
            remote_id text,
            callback_remote_id text,
            extend_ref text,
            client_token text unique,
            given_up_ms bigint,
            callback_hash text unique,
            params text not null,
            cost bigint not null default 0,
            provider_cost text,
            progress bigint,
            card_hash text,
            error_code text,
            error_data text,
            due_ms bigint,
            wake_ms bigint,
            lease text,
            epoch bigint not null default 0,
            tries bigint not null default 0,
            created_ms bigint not null,
            submitted_ms bigint,
            finished_ms bigint,
            deadline_ms bigint,
            result text,
            excluded_providers text not null default '',
            unique (provider, remote_id)
        )""",
        """create index job_due on job (due_ms) where due_ms is not null
            and state in ('received', 'submitting', 'running', 'ready', 'failing', 'failed')""",
        "create index job_queue on job (provider, user_id, created_ms) where state = 'queued'",
        "create index job_at_provider on job (provider, state, user_id) where state in ('submitting', 'running')",
        "create index job_unfinished on job (created_ms) where state not in ('done', 'failed')",
        """create index job_unconfirmed on job (guild_id, created_ms) where remote_id is null and given_up_ms is null
            and client_token is not null and (state = 'submitting' or error_code = 'unknown_charge')""",
        "create index job_leased on job (lease) where lease is not null",
        # How long a job takes is told from those of its kind.
        "create index job_duration on job (provider, kind, finished_ms) where state in ('ready', 'done')",
        # The seeds that were found, by their images' job.
        "create index job_seed on job (parent_job_id) where kind = 'seed' and state in ('ready', 'done')",
        "create index job_member on job (guild_id, user_id, created_ms)",
        """create unique index job_dedupe on job (dedupe_key)
            where dedupe_key is not null and state in ('received', 'queued', 'submitting', 'running')""",
        """create table clip (
            job_id text not null references job (id),
            slot bigint not null,
            remote_url text not null,
            media_file text,
            message_id bigint,
            attachment_id bigint,
            seconds double precision,
            bytes bigint,
            primary key (job_id, slot)
        )""",
        """create table frame (
            job_id text not null references job (id),
            role text not null check (role in ('start', 'end')),
            media_file text not null,
            attachment_id bigint,
            primary key (job_id, role)
        )""",
        # The circuit breaker of each provider, and until when new jobs go elsewhere because of an error of our account.
        """create table provider_health (
            name text not null primary key,
            failures bigint not null,
            paused_until_ms bigint not null,
            account_blocked_until_ms bigint not null default 0,
            account_error text
        )""",
        # What is to be remembered about the installation itself, such as which commands are registered.
        "create table metadata (name text not null primary key, value text not null)",
        # The jobs whose prompts were refused for their words, by the day (UTC).
        "create table strike (job_id text not null primary key, user_id bigint not null, day text not null)",
        "create index strike_day on strike (user_id, day)",
        # The masks that a member has been shown over an image; a confirmed one's job takes over its id.
        """create table region_preview (
            id text not null primary key,
            guild_id bigint not null,
            user_id bigint not null,
            parent_job_id text not null references job (id),
            prompt text not null,
            removed text not null,
            created_ms bigint not null
        )""",
        "create index region_preview_age on region_preview (created_ms)",
        # The images of a message, as its menu's payload showed them; without the message content intent nobody can
        # ask for them again.
        """create table message_images (
            id text not null primary key,
            guild_id bigint not null,
            user_id bigint not null,
            images text not null,
            created_ms bigint not null
        )""",
        "create index message_images_age on message_images (created_ms)",
    ),
    (
        # Until when results whose links do not work are tried again.
        "alter table job add column fetch_until_ms bigint",
        # What was paid and not delivered, until it is, or until an admin strikes it off.
        "alter table job add column undelivered bigint not null default 0",
        """update job set undelivered = 1 where state = 'done' and (error_code = 'undeliverable' or exists
            (select 1 from clip where clip.job_id = job.id and media_file is null and attachment_id is null))""",
        "create index job_undelivered on job (guild_id, user_id, created_ms) where undelivered = 1",
        # Whether a failed job's card could not be told of its end.
        "alter table job add column untold bigint not null default 0",
        "create index job_untold on job (channel_id) where untold = 1",
    ),
    (
        # What a member had used beyond their grants when the last one came: a grant can always be spent.
        "alter table account add column base bigint not null default 0",
        # Where a job was asked for: who may see it follows from that for ever, wherever its card is shown.
        "alter table job add column asked_channel_id bigint not null default 0",
        "update job set asked_channel_id = channel_id",
        # What is ended together: of a member who is blocked, or in a server that removed the bot.
        "create index job_waiting on job (guild_id, user_id) where state in ('received', 'queued')",
        # When the bot was removed from a server; null while it is there.
        "alter table guild add column left_ms bigint",
        # Rules for @everyone never applied: it is the server's default.
        "delete from allowance where subject = 'role' and subject_id = guild_id",
    ),
    (
        # How many edits of the card were sent and never answered: one may still land, on top of a later one.
        "alter table job add column unanswered_edits bigint not null default 0",
    ),
    (
        # What a member chose: used where an option was not typed; nulls mean the usual.
        """create table member_settings (
            guild_id bigint not null,
            user_id bigint not null,
            motion text,
            resolution text,
            clips bigint,
            speed text,
            provider text,
            notify text,
            spoiler bigint,
            locale text,
            primary key (guild_id, user_id)
        )""",
        # Words and options under a name of a member's.
        """create table preset (
            guild_id bigint not null,
            user_id bigint not null,
            name text not null,
            words text not null,
            options text not null,
            created_ms bigint not null,
            primary key (guild_id, user_id, name)
        )""",
        # The starred jobs of a member.
        """create table favourite (
            user_id bigint not null,
            job_id text not null references job (id),
            guild_id bigint not null,
            created_ms bigint not null,
            primary key (user_id, job_id)
        )""",
        "create index favourite_newest on favourite (guild_id, user_id, created_ms, job_id)",
        # The words that a member's jobs are found by: ordered by their bytes, so that a beginning is a range.
        """create table job_word (
            guild_id bigint not null,
            user_id bigint not null,
            word text collate "C" not null,
            job_id text not null references job (id),
            primary key (guild_id, user_id, word, job_id)
        )""",
        "create index job_word_job on job_word (job_id, word)",
        # What lists of jobs are narrowed down to.
        "create index job_films on job (guild_id, user_id, created_ms, id) where kind in ('video', 'extend')",
        """create index job_pictures on job (guild_id, user_id, created_ms, id)
            where kind in ('imagine', 'action', 'blend', 'region')""",
        """create index job_failed on job (guild_id, user_id, created_ms, id)
            where state in ('failing', 'failed') and error_code <> 'cancelled'""",
        # What is suggested of a member's films where one is to be joined.
        """create index job_continued on job (guild_id, user_id, created_ms, id)
            where kind in ('video', 'extend') and parent_job_id is not null and parent_slot is not null""",
        # Who is still to be told that their job has ended; a row is gone before its ping is sent.
        """create table ping (
            job_id text not null primary key references job (id),
            guild_id bigint not null,
            channel_id bigint not null,
            user_id bigint not null,
            failed bigint not null,
            due_ms bigint not null
        )""",
        "create index ping_due on ping (due_ms)",
        "create index ping_together on ping (user_id, channel_id)",
        # A chain of clips joined into one, up to a clip, once; what is due is to be joined, posted or told of.
        """create table film (
            job_id text not null references job (id),
            slot bigint not null,
            user_id bigint not null,
            answer_id bigint, token text, token_until_ms bigint not null,
            asked_ms bigint not null,
            media_file text, parts bigint, seconds double precision, bytes bigint,
            channel_id bigint, message_id bigint,
            due_ms bigint,
            tries bigint not null default 0,
            primary key (job_id, slot)
        )""",
        "create index film_due on film (due_ms) where due_ms is not null",
        # Films of several shots, which share one card; each shot is a job.
        """create table storyboard (
            id text not null primary key,
            state text not null,
            guild_id bigint not null,
            user_id bigint not null,
            provider text not null,
            params text not null,
            shots text not null,
            created_ms bigint not null,
            film_job_id text references job (id),
            film_message_id bigint,
            film_attachment_id bigint,
            spoiler bigint
        )""",
        # What was typed of the spoiler; null where nothing was.
        "alter table region_preview add column spoiler bigint",
        "create index storyboard_open on storyboard (created_ms, user_id) where state <> 'made'",
        "alter table job add column storyboard_id text",
        "alter table job add column shot bigint",
        "create unique index job_shot on job (storyboard_id, shot, id) where storyboard_id is not null",
        # Whether its media is hidden behind Discord's spoiler.
        "alter table job add column spoiler bigint not null default 0",
        # Whether its end was told before, so that nobody is pinged when it is shown again.
        "alter table job add column silent bigint not null default 0",
    ),
    (
        # Those who keep order, and what is known of members: removals, blocks, reports, what a server decides.
        "alter table guild add column mod_log_channel_id bigint",
        "alter table guild add column showcase_channel_id bigint",
        # Words that no prompt may hold, one a line.
        "alter table guild add column forbidden_words text",
        # Whether all media is hidden, whatever a member said.
        "alter table guild add column spoiler bigint not null default 0",
        # Used where a member neither typed an option nor chose it for themselves.
        "alter table guild add column default_motion text",
        "alter table guild add column default_resolution text",
        "alter table guild add column default_clips bigint",
        "alter table guild add column default_speed text",
        # The channel of the thread that a job was asked in: the server's rules for channels hold there too.
        "alter table job add column parent_channel_id bigint",
        # Whom moderators have blocked: without an end, or until a moment that is compared; a day later it is swept.
        """create table block (
            guild_id bigint not null,
            user_id bigint not null,
            until_ms bigint,
            reason text not null,
            by_user_id bigint not null,
            at_ms bigint not null,
            primary key (guild_id, user_id)
        )""",
        # What is still to be told in a mod log; one that is told once stays without a due time until its cause is over.
        """create table log_event (
            id text not null primary key,
            guild_id bigint not null,
            kind text not null,
            data text not null,
            at_ms bigint not null,
            due_ms bigint,
            once_key text,
            batch text,
            tries bigint not null default 0
        )""",
        "create index log_event_due on log_event (due_ms) where due_ms is not null",
        "create index log_event_waiting on log_event (guild_id, id) where due_ms is not null",
        "create unique index log_event_once on log_event (once_key, guild_id) where once_key is not null",
        "alter table guild add column log_sent_ms bigint",
        "alter table guild add column owner_told_ms bigint",
        "alter table guild add column log_lost_channel_id bigint",
        "alter table guild add column log_lost_ms bigint",
        # What members reported to moderators.
        """create table report (
            job_id text not null references job (id),
            user_id bigint not null,
            guild_id bigint not null,
            reason text not null,
            created_ms bigint not null,
            log_id text,
            outcome text,
            handled_by bigint,
            primary key (job_id, user_id)
        )""",
        "create index report_message on report (log_id) where log_id is not null",
        # What a server spent over a time, and a member in all periods.
        "create index job_charged on job (guild_id, created_ms) where period is not null",
        "create index account_member on account (guild_id, user_id, period)",
        # When a job was removed for good: from then on nothing shows, lists or uses it.
        "alter table job add column removed_ms bigint",
        # What is still to be done about removed jobs, and who removed them; without a due time all of it is done.
        """create table removal (
            job_id text not null primary key references job (id),
            guild_id bigint not null,
            by_user_id bigint not null,
            reason text not null,
            at_ms bigint not null,
            card_id bigint,
            look_again_ms bigint not null,
            disinherited bigint not null default 0,
            due_ms bigint,
            tries bigint not null default 0
        )""",
        "create index removal_due on removal (due_ms) where due_ms is not null",
        # Messages that show a job beside its present card: earlier cards, films that it is part of, direct messages.
        """create table shown_message (
            job_id text not null references job (id),
            channel_id bigint not null,
            message_id bigint not null,
            direct bigint not null default 0,
            primary key (job_id, message_id)
        )""",
        # What goes on from a job, and whose cards show its images (a job's id has 14 characters).
        "create index job_children on job (parent_job_id) where parent_job_id is not null",
        "create index frame_lender on frame (substr(media_file, 1, 14))",
        "create index favourite_job on favourite (job_id)",
        # What members shared in a showcase, and the weeks whose best of it are shown; both are rare.
        """create table share (
            job_id text not null references job (id),
            slot bigint not null,
            guild_id bigint not null,
            user_id bigint not null,
            channel_id bigint not null,
            week text not null,
            shared_ms bigint not null,
            message_id bigint,
            due_ms bigint,
            tries bigint not null default 0,
            answer_id bigint,
            token text,
            token_until_ms bigint not null default 0,
            again bigint not null default 0,
            taken_down bigint not null default 0,
            stars bigint,
            lifted bigint not null default 0,
            primary key (job_id, slot)
        )""",
        "create index share_due on share (due_ms) where due_ms is not null",
        "create index share_week on share (guild_id, week)",
        """create table showcase_week (
            guild_id bigint not null,
            week text not null,
            due_ms bigint,
            chosen bigint not null default 0,
            channel_id bigint,
            message_id bigint,
            tries bigint not null default 0,
            primary key (guild_id, week)
        )""",
        "create index showcase_week_due on showcase_week (due_ms) where due_ms is not null",
        # Who asked to be forgotten, for what they asked for up to a moment: worked off until nothing is left of it.
        # What is still to be deleted in direct messages is remembered, as their settings are gone.
        """create table forgetting (
            guild_id bigint not null,
            user_id bigint not null,
            at_ms bigint not null,
            renamed bigint not null default 0,
            direct bigint not null default 0,
            due_ms bigint not null,
            tries bigint not null default 0,
            primary key (guild_id, user_id)
        )""",
        "create index forgetting_due on forgetting (due_ms)",
        # What RETENTION_DAYS erases, the oldest first.
        "create index job_kept on job (finished_ms) where state in ('done', 'failed') and removed_ms is null",
        # Jobs whose content was erased because they were old, and whose files are still to be deleted.
        "create table erased_file (job_id text not null primary key references job (id))",
        "create index storyboard_film on storyboard (film_job_id) where film_job_id is not null",
        # What a member leaves in rows of others, and a server in tables of all, is found without walking through those.
        "create index storyboard_member on storyboard (guild_id, user_id)",
        "create index film_member on film (user_id)",
        "create index report_member on report (guild_id, user_id)",
        "create index report_handled on report (guild_id, handled_by) where handled_by is not null",
        "create index removal_by on removal (guild_id, by_user_id)",
        "create index share_member on share (guild_id, user_id)",
        "create index log_event_server on log_event (guild_id)",
        # Who took waiting jobs back: their name goes off those when they are forgotten.
        "create index job_cancelled on job (guild_id, error_data) where error_code = 'cancelled'",
        "create index block_end on block (until_ms) where until_ms is not null",
    ),
    (
        # Whether the prompts of pictures are translated into English: 1, 0, or null for as a member's language is.
        "alter table member_settings add column translate bigint",
        "alter table guild add column default_translate bigint",
        # The language that Discord says a server prefers; `locale` is what its admins chose.
        "alter table guild add column preferred_locale text",
        # The language that Discord spoke with a job's requester: they are told of it before it is known elsewhere.
        "alter table job add column locale text",
        # The same of whoever waits to be told of a film or a shared result.
        "alter table film add column locale text",
        "alter table share add column locale text",
    ),
)
