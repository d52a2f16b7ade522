-- Lock keys. Advisory locks have two key spaces: appends in flight register in the two-integer one, under the oid of this
-- store's sequence; streams and tenants lock in the one-integer one, hashed with that oid, so that two stores in one
-- database do not meet. The top two bits keep the kinds apart and in one order: streams, tenants, then what is to come.
create function "${schema}".stream_key(p_tenant text, p_type text, p_id text) returns bigint
    language sql immutable parallel safe
return (hashtextextended(p_tenant || chr(31) || p_type || chr(31) || p_id,
                         '"${schema}".event_position_seq'::regclass::oid::bigint)
        & x'3fffffffffffffff'::bigint) | x'8000000000000000'::bigint;

create function "${schema}".tenant_key(p_tenant text) returns bigint
    language sql immutable parallel safe
return (hashtextextended(p_tenant, '"${schema}".event_position_seq'::regclass::oid::bigint)
        & x'3fffffffffffffff'::bigint) | x'c000000000000000'::bigint;

-- Locks streams for writing until the transaction ends, in one order for everybody.
--
-- Every writer holds its tenant's key in shared mode. A transaction that would hold more than 256 stream locks takes that
-- key in exclusive mode instead: thousands of locks would fill the lock table and break other sessions, and LOCK TABLE would
-- not stop an append that has checked already. The number of locks is kept in a transaction-local setting, because a rollback
-- to a savepoint undoes it together with the locks. It counts a stream twice that is locked twice, so the locks really held
-- are counted when it passes the limit. Below zero the tenant's key has taken their place; then only a transaction for ever
-- more tenants takes more locks, and it is refused beyond 2,000.
create function "${schema}".lock_streams(p_tenant text, p_types text[], p_ids text[]) returns void
    language plpgsql volatile
as $$
declare
    held   int := coalesce(nullif(current_setting('eventsourcing.stream_locks_${schema}', true), ''), '0')::int;
    wanted int := cardinality(p_ids);
begin
    if held >= 0 then
        if held + wanted > 256 then
            select count(*) into held
            from pg_catalog.pg_locks l
            where l.pid = pg_backend_pid() and l.locktype = 'advisory' and l.objsubid = 1;
        end if;
        held := held + wanted;
        if held > 256 then
            held := -1;
        end if;
    else
        held := held - 1;
        if held % 500 = 0 and 2000 < (select count(*) from pg_catalog.pg_locks l
                                      where l.pid = pg_backend_pid() and l.locktype = 'advisory') then
            raise exception 'The transaction writes for so many tenants that it holds more than 2000 locks.'
                using errcode = 'program_limit_exceeded';
        end if;
    end if;
    if set_config('eventsourcing.stream_locks_${schema}', held::text, true) is null then end if;

    if held < 0 then
        perform pg_advisory_xact_lock("${schema}".tenant_key(p_tenant));
        return;
    end if;
    if wanted = 1 then
        if pg_advisory_xact_lock("${schema}".stream_key(p_tenant, p_types[1], p_ids[1])) is null then end if;
    else
        perform pg_advisory_xact_lock(k.key)
        from (select distinct "${schema}".stream_key(p_tenant, s.type, s.id) as key
              from unnest(p_types, p_ids) as s (type, id)
              order by 1) as k;
    end if;
    if pg_advisory_xact_lock_shared("${schema}".tenant_key(p_tenant)) is null then end if;
end
$$;

-- The two look-ups that every append makes. Both ask for an order that only one index can deliver, and the functions that use
-- them switch sorting off, so that their plans are right whatever the statistics say: a plan that is made while the table is
-- empty would otherwise take any index that starts with the tenant, and be kept while the table grows.
create function "${schema}".latest_version(p_tenant text, p_type text, p_id text) returns table (version bigint)
    language sql stable
as $$
    select e.version
    from "${schema}".event e
    where e.tenant = p_tenant and e.stream_type = p_type and e.stream_id = p_id
    order by e.version desc
    limit 1
$$;

create function "${schema}".event_with_id(p_tenant text, p_event_id uuid) returns setof "${schema}".event
    language sql stable
as $$
    select e.*
    from "${schema}".event e
    where e.tenant = p_tenant and e.event_id >= p_event_id and e.event_id <= p_event_id
    order by e.event_id
    limit 1
$$;

-- The key that an append in flight registers with: the last position drawn, as the low 32 bits that the lock's key has room
-- for. pg_sequence_last_value reads under the buffer's lock, "select last_value" would be a torn read; it is null without the
-- privilege or on a sequence that was never called, and then nothing may be appended.
create function "${schema}".registration_key() returns int
    language plpgsql volatile
as $$
declare
    last_position bigint := pg_sequence_last_value('"${schema}".event_position_seq'::regclass);
begin
    if last_position is null then
        raise exception 'The sequence "${schema}".event_position_seq cannot be read by role %.', current_user
            using hint = 'Grant SELECT on the sequence. Nothing was written.';
    end if;
    return ((last_position + 2147483648) & 4294967295) - 2147483648;
end
$$;

create function "${schema}".satisfies(p_expected bigint, p_actual bigint) returns boolean
    language sql immutable parallel safe
return case p_expected when -1 then true when -2 then p_actual > 0 else p_actual = p_expected end;

-- Writes the tags of those of the events that were inserted from a position on, which leaves out what was recorded before.
create function "${schema}".write_tags(p_tenant text, p_event_ids uuid[], p_from bigint) returns void
    language sql volatile
as $$
    insert into "${schema}".event_tag (tenant, tag, position)
    select p_tenant, t.tag, e.position
    from unnest(p_event_ids) as n (id),
         "${schema}".event_with_id(p_tenant, n.id) e,
         unnest(e.tags) as t (tag)
    where e.position >= p_from
$$;

-- Appends the events of one or several streams of one tenant: all requests, or none. A new column or a new step concerns two
-- more functions, append_usual_event and append_group below.
--
-- A request is a stream and its expected version (-1 any, -2 exists, else exactly). An event names its request (from 1 on)
-- and its place within it (from 1 on); the tags of an event are joined by U+001F. A refusal is a result, never an error,
-- because an error would abort the caller's transaction: outcome is 'appended', 'conflict', 'archived', 'deleted',
-- 'duplicate', 'isolation' or 'read-only', and nothing is written unless it is 'appended'.
--
-- The order of the steps is what keeps the log exact; each protects the next:
--   1. the tenant and the commit's durability are set inside, because statements of their own would halve the rate;
--   2. locks, in statements before the look-ups, because a statement sees what was committed when it began;
--   3. event ids before versions: a retry is acknowledged even though its stream has moved on;
--   4. registration, in a statement of its own and before any position is drawn: a reader that finds nothing registered
--      below a position knows that nothing below it can still commit;
--   5. the insert, which draws the positions;
--   6. the caller's tenant is set again.
--
-- "if f() is null then end if" calls a function for its effect: an IF is evaluated without starting an executor, a PERFORM
-- is not.
--
-- One stream and one event are looked up and written without unnest: starting up the set-based plans costs more than all
-- the rest of such an append. The settings: a plan is made once a session, not on every call, and by indexes, not by
-- statistics, because it is often made while the table is empty.
create function "${schema}".append_events(
    p_tenant text,
    p_stream_types text[], p_stream_ids text[], p_expected bigint[],
    p_requests int[], p_ordinals int[],
    p_event_ids uuid[], p_types text[], p_schema_versions int[],
    p_payloads text[], p_codecs text[], p_metadata text[], p_tags text[],
    p_state_requests int[], p_state_types text[], p_state_schema_versions int[],
    p_states text[], p_state_codecs text[],
    out outcome text, out refused int, out actual bigint,
    out found_event uuid, out found_stream_type text, out found_stream_id text, out found_version bigint,
    out versions bigint[], out positions bigint[], out recorded boolean[])
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
    registration   text := nullif(current_setting('eventsourcing.registration_${schema}', true), '');
    first_type     text := p_stream_types[1];
    first_id       text := p_stream_ids[1];
    first_event    uuid := p_event_ids[1];
    only_one       boolean := cardinality(p_event_ids) = 1;
    written_at     timestamptz;
    known          bigint;
    latest_version bigint;
    closed_as      text;
    statuses       text[];
    duplicate      int;
    drawn          bigint;
begin
    if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
        outcome := 'isolation';
        return;
    end if;
    if current_setting('transaction_read_only') = 'on' then
        outcome := 'read-only';
        return;
    end if;

    -- 1. settings
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'local', true);
    end if;

    -- 2. locks
    if "${schema}".lock_streams(p_tenant, p_stream_types, p_stream_ids) is null then end if;
    -- taken after the locks, so that time does not run backwards within a stream
    written_at := clock_timestamp();

    <<decide_and_write>>
    begin
        -- 3. look-ups, in new statements
        if only_one then
            select 1 into known from "${schema}".event_with_id(p_tenant, first_event);
            select v.version into latest_version from "${schema}".latest_version(p_tenant, first_type, first_id) v;
            select c.status into closed_as
            from "${schema}".closed_stream c
            where c.tenant = p_tenant and c.stream_type = first_type and c.stream_id = first_id;
            versions := array[coalesce(latest_version, 0)];
            statuses := array[closed_as];
        else
            select count(*) into known
            from unnest(p_event_ids) as n (id), "${schema}".event_with_id(p_tenant, n.id);
            select array_agg(coalesce(v.version, 0) order by s.request), array_agg(c.status order by s.request)
            into versions, statuses
            from unnest(p_stream_types, p_stream_ids) with ordinality as s (type, id, request)
            left join "${schema}".latest_version(p_tenant, s.type, s.id) v on true
            left join "${schema}".closed_stream c
                on c.tenant = p_tenant and c.stream_type = s.type and c.stream_id = s.id;
        end if;

        recorded := array_fill(false, array[cardinality(p_stream_ids)]);
        if known > 0 then
            -- recorded: all events of a request, in its stream, in its order, without others between them
            select array_agg(r.complete order by r.request),
                   min(r.request) filter (where r.known > 0 and not r.complete)
            into recorded, duplicate
            from (select n.request, count(e.position) as known,
                         coalesce(count(*) = count(e.position)
                             and bool_and(e.stream_type = p_stream_types[n.request]
                                 and e.stream_id = p_stream_ids[n.request]
                                 and e.type = n.type)
                             and min(e.version - n.ordinal) = max(e.version - n.ordinal), false) as complete
                  from unnest(p_requests, p_ordinals, p_event_ids, p_types) as n (request, ordinal, id, type)
                  left join "${schema}".event_with_id(p_tenant, n.id) e on true
                  group by n.request) as r;
        end if;

        if cardinality(p_stream_ids) = 1 then
            if not recorded[1]
                and (statuses[1] is not null or not "${schema}".satisfies(p_expected[1], versions[1])) then
                refused := 1;
            end if;
        else
            select min(s.request) into refused
            from unnest(p_expected, versions, statuses, recorded) with ordinality
                as s (expected, version, status, recorded, request)
            where not s.recorded and (s.status is not null or not "${schema}".satisfies(s.expected, s.version));
        end if;
        if duplicate <= coalesce(refused, duplicate) then
            outcome := 'duplicate';
            refused := duplicate;
            select e.event_id, e.stream_type, e.stream_id, e.version
            into found_event, found_stream_type, found_stream_id, found_version
            from unnest(p_requests, p_event_ids) with ordinality as n (request, id, place)
            cross join "${schema}".event_with_id(p_tenant, n.id) e
            where n.request = refused
            order by e.stream_type = p_stream_types[refused] and e.stream_id = p_stream_ids[refused], n.place
            limit 1;
            exit decide_and_write;
        end if;
        if refused is not null then
            outcome := coalesce(statuses[refused], 'conflict');
            actual := versions[refused];
            exit decide_and_write;
        end if;

        -- 4. registration; a transaction that appends often registers each time, under its first key: one lock, not thousands
        if registration is null then
            registration := "${schema}".registration_key();
            if set_config('eventsourcing.registration_${schema}', registration, true) is null then end if;
        end if;
        if pg_advisory_xact_lock_shared('"${schema}".event_position_seq'::regclass::oid::int, registration::int) is null
        then end if;

        -- 5. insert
        if only_one then
            if not recorded[1] then
                insert into "${schema}".event as e (
                    tenant, stream_type, stream_id, version, event_id, type, schema_version,
                    payload, codec, metadata, tags, recorded_at)
                values (
                    p_tenant, first_type, first_id, versions[1] + 1, first_event, p_types[1], p_schema_versions[1],
                    p_payloads[1]::jsonb, p_codecs[1], p_metadata[1]::jsonb,
                    string_to_array(p_tags[1], chr(31)), written_at)
                returning e.position into drawn;
                positions := array[drawn];
            end if;
        else
            with written as (
                insert into "${schema}".event as e (
                    tenant, stream_type, stream_id, version, event_id, type, schema_version,
                    payload, codec, metadata, tags, recorded_at)
                select p_tenant, p_stream_types[n.request], p_stream_ids[n.request], versions[n.request] + n.ordinal,
                       n.id, n.type, n.schema_version,
                       n.payload::jsonb, n.codec, n.metadata::jsonb, string_to_array(n.tags, chr(31)), written_at
                from unnest(p_requests, p_ordinals, p_event_ids, p_types, p_schema_versions,
                            p_payloads, p_codecs, p_metadata, p_tags) with ordinality
                    as n (request, ordinal, id, type, schema_version, payload, codec, metadata, tags, place)
                where not recorded[n.request]
                order by n.place
                returning e.position)
            select array_agg(w.position order by w.position) into positions from written w;
        end if;
        if array_to_string(p_tags, '') <> '' and positions is not null then
            perform "${schema}".write_tags(p_tenant, p_event_ids, positions[1]);
        end if;

        if known > 0 then
            select array_agg(e.position order by n.place) into positions
            from unnest(p_event_ids) with ordinality as n (id, place)
            cross join "${schema}".event_with_id(p_tenant, n.id) e;
            select array_agg(r.version order by r.request) into versions
            from (select n.request, max(e.version) as version
                  from unnest(p_requests, p_event_ids) as n (request, id)
                  cross join "${schema}".event_with_id(p_tenant, n.id) e
                  group by n.request) as r;
        elsif cardinality(p_stream_ids) = 1 then
            versions[1] := versions[1] + cardinality(p_event_ids);
        else
            select array_agg(versions[r.request] + r.events order by r.request) into versions
            from (select n.request, count(*) as events from unnest(p_requests) as n (request) group by n.request) as r;
        end if;
        if cardinality(p_state_requests) > 0 then
            insert into "${schema}".snapshot as s (
                tenant, stream_type, stream_id, type, schema_version, version, state, codec, taken_at)
            select p_tenant, p_stream_types[n.request], p_stream_ids[n.request], n.type, n.schema_version,
                   versions[n.request], n.state::jsonb, n.codec, written_at
            from unnest(p_state_requests, p_state_types, p_state_schema_versions, p_states, p_state_codecs)
                as n (request, type, schema_version, state, codec)
            where not recorded[n.request]
            on conflict (tenant, stream_type, stream_id, type, schema_version) do update
                set version = excluded.version, state = excluded.state, codec = excluded.codec,
                    taken_at = excluded.taken_at
                where s.version <= excluded.version;
        end if;
        outcome := 'appended';
    end decide_and_write;

    -- 6. the caller's tenant
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
end
$$;

-- The same steps for the usual append: one event without tags and snapshot, at an exact expected version (or none, as 0), in a
-- transaction of its own. Returns the position, or null if anything is unusual, and then nothing was written: append_events
-- knows why. Never called in a surrounding transaction: its settings are left to end with the transaction.
--
-- It exists because starting executors and preparing expressions costs more than the insert, so it has one expression and one
-- statement. Figures: docs/decisions/0012-append-the-usual-event-on-a-short-path.md. What makes it exact all the same:
--   * the look-ups are made by a later statement than the locks, so that they see what the last holder committed;
--   * the registration is a statement before the insert, which draws the position only if the look-ups let it;
--   * a retry finds its stream moved on, and so is answered by append_events, event ids first. An event id that is recorded
--     elsewhere violates its key, which costs nobody's transaction, and append_events says where it is.
-- No advisory lock is waited for, and no other lock for long (an event id that another transaction is about to record, a
-- table that is being altered): whoever holds it must not hold up the appends that queue behind this one. Half a second is less
-- than deadlock_timeout's default, so that in a deadlock this append gives way and not the other, which would lose a
-- transaction.
create function "${schema}".append_usual_event(
    p_tenant text, p_stream_type text, p_stream_id text, p_expected bigint,
    p_event_id uuid, p_type text, p_schema_version int, p_payload text, p_codec text, p_metadata text)
    returns bigint
    language plpgsql volatile
as $$
begin
    if current_setting('transaction_isolation') in ('read committed', 'read uncommitted')
        -- 1. settings; the plans are made by indexes, not by statistics
        and set_config('eventsourcing.tenant', p_tenant, true) is not null
        and (current_setting('synchronous_commit') <> 'off' or set_config('synchronous_commit', 'local', true) is not null)
        and set_config('plan_cache_mode', 'force_generic_plan', true) is not null
        and set_config('enable_seqscan', 'off', true) is not null
        and set_config('enable_sort', 'off', true) is not null
        and set_config('lock_timeout', '500ms', true) is not null
        -- 2. locks
        and pg_try_advisory_xact_lock("${schema}".stream_key(p_tenant, p_stream_type, p_stream_id))
        and pg_try_advisory_xact_lock_shared("${schema}".tenant_key(p_tenant))
        -- 4. registration, under the key of registration_key(), written out because a call costs too much; a null key takes no
        -- lock and answers null
        and pg_advisory_xact_lock_shared(
            '"${schema}".event_position_seq'::regclass::oid::int,
            (((pg_sequence_last_value('"${schema}".event_position_seq'::regclass) + 2147483648)
                & 4294967295) - 2147483648)::int) is not null
    then
        -- 3. look-ups and 5. insert, in a new statement
        insert into "${schema}".event (
            tenant, stream_type, stream_id, version, event_id, type, schema_version,
            payload, codec, metadata, tags, recorded_at)
        select p_tenant, p_stream_type, p_stream_id, p_expected + 1, p_event_id, p_type, p_schema_version,
               p_payload::jsonb, p_codec, p_metadata::jsonb, '{}', clock_timestamp()
        where p_expected = coalesce((
                select e.version
                from "${schema}".event e
                where e.tenant = p_tenant and e.stream_type = p_stream_type and e.stream_id = p_stream_id
                order by e.version desc
                limit 1), 0)
          and not exists (
                select from "${schema}".closed_stream c
                where c.tenant = p_tenant and c.stream_type = p_stream_type and c.stream_id = p_stream_id);
        if found then
            return currval('"${schema}".event_position_seq'::regclass);
        end if;
    end if;
    return null;
end
$$;

-- Appends that happen to arrive together, of one tenant and each for another stream, in one transaction of their own. They
-- have nothing to do with each other: each is written or left out. Gives the version that each stream had, null for a request
-- that was left out, because its stream is locked, closed or not as expected, or because one of its events is recorded.
-- append_events knows what to say of those, or waits; here no lock is waited for, or not for long, so that no request holds
-- up the others.
--
-- The steps are those of append_events, and so are the parameters. Arrays are read by subscript, because an
-- unnest of ten of them builds ten tables. Each array is aggregated in order: a hash join that spills delivers its rows in
-- another one, and gave versions to the wrong streams.
create function "${schema}".append_group(
    p_tenant text,
    p_stream_types text[], p_stream_ids text[], p_expected bigint[],
    p_requests int[], p_ordinals int[],
    p_event_ids uuid[], p_types text[], p_schema_versions int[],
    p_payloads text[], p_codecs text[], p_metadata text[], p_tags text[],
    out latest bigint[], out positions bigint[])
    language plpgsql volatile
as $$
declare
    requests   int := cardinality(p_stream_ids);
    events     int := cardinality(p_event_ids);
    locked     boolean[];
    written_at timestamptz;
    repeated   int[];
begin
    if current_setting('transaction_isolation') in ('repeatable read', 'serializable')
        -- 1. settings; the plans are made by indexes, not by statistics
        or set_config('eventsourcing.tenant', p_tenant, true) is null
        or (current_setting('synchronous_commit') = 'off' and set_config('synchronous_commit', 'local', true) is null)
        or set_config('plan_cache_mode', 'force_generic_plan', true) is null
        or set_config('enable_seqscan', 'off', true) is null
        or set_config('enable_bitmapscan', 'off', true) is null
        or set_config('enable_sort', 'off', true) is null
        or set_config('enable_hashjoin', 'off', true) is null
        or set_config('enable_mergejoin', 'off', true) is null
        or set_config('jit', 'off', true) is null
        or set_config('lock_timeout', '500ms', true) is null
        -- 2. locks
        or not pg_try_advisory_xact_lock_shared("${schema}".tenant_key(p_tenant))
    then
        return;
    end if;
    select array_agg(pg_try_advisory_xact_lock("${schema}".stream_key(p_tenant, p_stream_types[r], p_stream_ids[r]))
                     order by r)
    into locked
    from generate_series(1, requests) as r;
    written_at := clock_timestamp();

    -- 3. look-ups, in a new statement
    select (select array_agg(p_requests[i])
            from generate_series(1, events) as i, "${schema}".event_with_id(p_tenant, p_event_ids[i])),
           (select array_agg(case when locked[r] and c.status is null
                                       and "${schema}".satisfies(p_expected[r], coalesce(v.version, 0))
                                  then coalesce(v.version, 0) end order by r)
            from generate_series(1, requests) as r
            left join "${schema}".latest_version(p_tenant, p_stream_types[r], p_stream_ids[r]) v on true
            left join "${schema}".closed_stream c
                on c.tenant = p_tenant and c.stream_type = p_stream_types[r] and c.stream_id = p_stream_ids[r])
    into repeated, latest;
    if repeated is not null then
        select array_agg(case when r <> all (repeated) then latest[r] end order by r) into latest
        from generate_series(1, requests) as r;
    end if;

    -- 4. registration
    if pg_advisory_xact_lock_shared(
        '"${schema}".event_position_seq'::regclass::oid::int, "${schema}".registration_key()) is null then end if;

    -- 5. insert
    with written as (
        insert into "${schema}".event as e (
            tenant, stream_type, stream_id, version, event_id, type, schema_version,
            payload, codec, metadata, tags, recorded_at)
        select p_tenant, p_stream_types[p_requests[i]], p_stream_ids[p_requests[i]], latest[p_requests[i]] + p_ordinals[i],
               p_event_ids[i], p_types[i], p_schema_versions[i],
               p_payloads[i]::jsonb, p_codecs[i], p_metadata[i]::jsonb, string_to_array(p_tags[i], chr(31)), written_at
        from generate_series(1, events) as i
        where latest[p_requests[i]] is not null
        order by i
        returning e.position)
    select array_agg(w.position order by w.position) into positions from written w;
    if array_to_string(p_tags, '') <> '' and positions is not null then
        perform "${schema}".write_tags(p_tenant, p_event_ids, positions[1]);
    end if;
end
$$;
