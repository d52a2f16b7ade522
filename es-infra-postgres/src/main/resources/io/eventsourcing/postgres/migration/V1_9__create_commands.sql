-- Commands: those that wait, and what became of those that are over.

create table "${schema}".command (
    tenant         text collate "C" not null,
    id             uuid not null,
    number         bigint generated always as identity,
    stream_type    text collate "C" not null,
    stream_id      text collate "C" not null,
    type           text collate "C" not null,
    schema_version int not null,
    payload        jsonb not null,
    codec          text,
    metadata       jsonb not null,
    correlation_id text collate "C",
    status         text not null check (status in ('pending', 'consumed', 'processed', 'failed')),
    attempts       int not null,
    token          bigint not null,
    worker         text,
    last_error     text,
    result         jsonb,
    due_at         timestamptz not null,
    ready_at       timestamptz not null,
    stored_at      timestamptz not null,
    finished_at    timestamptz,
    primary key (tenant, id),
    check ((finished_at is null) = (status in ('pending', 'consumed')) and (finished_at is null) = (result is null))
) with (fillfactor = 80);

comment on column "${schema}".command.number is 'the order in which commands were stored, or nearly so';
comment on column "${schema}".command.ready_at is
    'when a worker may take it: when it is due, or to be tried again, or when the lease of the worker that has it is over';
comment on column "${schema}".command.token is 'rises each time that the command is taken';

create index command_of_stream on "${schema}".command (tenant, stream_type, stream_id, due_at, number) where finished_at is null;
create index command_ready on "${schema}".command (ready_at, number) where finished_at is null;
create index command_listed on "${schema}".command (tenant, number);
create index command_correlated on "${schema}".command (tenant, correlation_id, number) where correlation_id is not null;
create index command_finished on "${schema}".command using brin (finished_at);

alter table "${schema}".command enable row level security;
alter table "${schema}".command force row level security;
create policy of_tenant on "${schema}".command
    using (tenant = (select current_setting('eventsourcing.tenant', true)))
    with check (tenant = current_setting('eventsourcing.tenant', true));

-- In what a command differs from the one that is stored under its id; null if it does not. What a codec has encoded differs each time.
create function "${schema}".command_difference(
    c "${schema}".command, p_stream_type text, p_stream_id text, p_type text, p_schema_version int, p_payload text, p_codec text)
    returns text
    language sql immutable
return case
    when c.type <> p_type or c.schema_version <> p_schema_version then 'type'
    when c.stream_type <> p_stream_type or c.stream_id <> p_stream_id then 'stream'
    when c.codec is null and p_codec is null and c.payload <> p_payload::jsonb then 'payload'
end;

-- Stores commands to be handled later. A row for each: 'new', 'known', or in what it differs from the one of its id, and then nothing is
-- stored.
create function "${schema}".save_commands(
    p_tenant text, p_ids uuid[], p_stream_types text[], p_stream_ids text[],
    p_types text[], p_schema_versions int[], p_payloads text[], p_codecs text[],
    p_metadata text[], p_correlation_ids text[], p_due_at timestamptz[], p_delays_ms bigint[])
    returns table (place int, outcome text)
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
    began          timestamptz := clock_timestamp();
    added          uuid[];
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'local', true);
    end if;
    with sent as materialized (
        select * from unnest(p_ids, p_stream_types, p_stream_ids, p_types, p_schema_versions, p_payloads, p_codecs,
                             p_metadata, p_correlation_ids, p_due_at, p_delays_ms) with ordinality
            as s (id, stream_type, stream_id, type, schema_version, payload, codec, metadata, correlation_id, due_at, delay_ms, place)),
    inserted as (
        insert into "${schema}".command as c (
            tenant, id, stream_type, stream_id, type, schema_version, payload, codec, metadata, correlation_id,
            status, attempts, token, due_at, ready_at, stored_at)
        select p_tenant, s.id, s.stream_type, s.stream_id, s.type, s.schema_version, s.payload::jsonb, s.codec, s.metadata::jsonb,
               s.correlation_id, 'pending', 0, 0, t.due, t.due, began
        from sent s
        cross join lateral (select coalesce(s.due_at, began + s.delay_ms * interval '1 millisecond') as due) as t
        where not exists (
            select from sent o, "${schema}".command k
            where k.tenant = p_tenant and k.id = o.id
              and "${schema}".command_difference(k, o.stream_type, o.stream_id, o.type, o.schema_version, o.payload, o.codec)
                  is not null)
        order by s.place
        on conflict (tenant, id) do nothing
        returning c.id)
    select coalesce(array_agg(i.id), '{}') into added from inserted i;

    -- a new statement, which sees what others have stored meanwhile
    return query
    select s.place::int,
           case when s.id = any (added) then 'new'
                else coalesce("${schema}".command_difference(
                         k, s.stream_type, s.stream_id, s.type, s.schema_version, s.payload, s.codec), 'known')
           end
    from unnest(p_ids, p_stream_types, p_stream_ids, p_types, p_schema_versions, p_payloads, p_codecs) with ordinality
        as s (id, stream_type, stream_id, type, schema_version, payload, codec, place)
    join "${schema}".command k on k.tenant = p_tenant and k.id = s.id;
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
end
$$;

-- Ends a command together with its events. Outcomes besides those of append_events: 'ended'; 'known' with the first result; 'lost' if the
-- token is not that of the worker that holds it; 'type', 'stream' or 'payload' if the one of its id is another command.
--
-- A command that is stored is locked first, so that of two who end it the second one sees the first one's result. Two who end one that is
-- not stored meet at the lock of the stream, or else when they store it: then the events of the second one must go, with its transaction.
create function "${schema}".complete_command(
    p_tenant text, p_id uuid, p_stream_type text, p_stream_id text, p_type text, p_schema_version int, p_payload text, p_codec text,
    p_metadata text, p_correlation_id text, p_token bigint, p_result text, p_is_success boolean,
    p_append_tenant text,
    p_stream_types text[], p_stream_ids text[], p_expected bigint[],
    p_requests int[], p_ordinals int[],
    p_event_ids uuid[], p_types text[], p_schema_versions int[],
    p_payloads text[], p_codecs text[], p_metadatas text[], p_tags text[],
    p_state_requests int[], p_state_types text[], p_state_schema_versions int[],
    p_states text[], p_state_codecs text[],
    out outcome text, out refused int, out actual bigint,
    out found_event uuid, out found_stream_type text, out found_stream_id text, out found_version bigint,
    out result text)
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
    known          "${schema}".command;
    difference     text;
    appended       record;
    ended          jsonb := p_result::jsonb;
    ended_at       timestamptz;
begin
    if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
        outcome := 'isolation';
        return;
    end if;
    if current_setting('transaction_read_only') = 'on' then
        outcome := 'read-only';
        return;
    end if;
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'local', true);
    end if;

    <<ending>>
    loop
        -- 1. the command, if it is stored
        select c.* into known from "${schema}".command c where c.tenant = p_tenant and c.id = p_id for update;
        if known.id is not null then
            difference := "${schema}".command_difference(
                known, p_stream_type, p_stream_id, p_type, p_schema_version, p_payload, p_codec);
            if difference is not null then
                outcome := difference;
                exit ending;
            end if;
            if known.finished_at is not null then
                outcome := 'known';
                result := known.result::text;
                exit ending;
            end if;
        end if;
        if p_token is not null and (known.id is null or known.status <> 'consumed' or known.token <> p_token
                                    or known.ready_at <= clock_timestamp()) then
            outcome := 'lost';
            exit ending;
        end if;

        -- 2. its events
        if cardinality(p_stream_ids) > 0 then
            select * into appended
            from "${schema}".append_events(
                p_append_tenant, p_stream_types, p_stream_ids, p_expected, p_requests, p_ordinals, p_event_ids, p_types,
                p_schema_versions, p_payloads, p_codecs, p_metadatas, p_tags,
                p_state_requests, p_state_types, p_state_schema_versions, p_states, p_state_codecs);
            if appended.outcome <> 'appended' then
                outcome := appended.outcome;
                refused := appended.refused;
                actual := appended.actual;
                found_event := appended.found_event;
                found_stream_type := appended.found_stream_type;
                found_stream_id := appended.found_stream_id;
                found_version := appended.found_version;
                exit ending;
            end if;
            ended := ended || jsonb_build_object(
                'version', appended.versions[1], 'positions', to_jsonb(appended.positions));
        end if;

        -- 3. its end
        ended_at := clock_timestamp();
        if known.id is not null then
            update "${schema}".command c
            set status = case when p_is_success then 'processed' else 'failed' end, result = ended, finished_at = ended_at,
                last_error = null,
                attempts = c.attempts + case when p_token is null then 1 else 0 end,
                token = c.token + case when p_token is null then 1 else 0 end
            where c.tenant = p_tenant and c.id = p_id;
            outcome := 'ended';
        else
            insert into "${schema}".command (
                tenant, id, stream_type, stream_id, type, schema_version, payload, codec, metadata, correlation_id,
                status, attempts, token, result, due_at, ready_at, stored_at, finished_at)
            values (p_tenant, p_id, p_stream_type, p_stream_id, p_type, p_schema_version, p_payload::jsonb, p_codec, p_metadata::jsonb,
                    p_correlation_id, case when p_is_success then 'processed' else 'failed' end, 1, 1, ended,
                    ended_at, ended_at, ended_at, ended_at)
            on conflict (tenant, id) do nothing;
            if found then
                outcome := 'ended';
            elsif cardinality(p_stream_ids) > 0 then
                raise exception 'The command % was ended by another transaction at the same time.', p_id
                    using errcode = 'serialization_failure';
            end if;
        end if;
        result := ended::text;
        exit ending when outcome is not null;
    end loop;
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
end
$$;

create function "${schema}".find_command(p_tenant text, p_id uuid) returns setof "${schema}".command
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    return query select c.* from "${schema}".command c where c.tenant = p_tenant and c.id = p_id;
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
end
$$;

-- In the order of their numbers, after the one of p_after. What is null is not looked at.
create function "${schema}".list_commands(
    p_tenant text, p_status text, p_type text, p_stream_type text, p_stream_id text, p_correlation_id text,
    p_from timestamptz, p_before timestamptz, p_after uuid, p_limit int)
    returns setof "${schema}".command
    language plpgsql volatile
    set enable_seqscan = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
    after_number   bigint := 0;
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    if p_after is not null then
        select c.number into after_number from "${schema}".command c where c.tenant = p_tenant and c.id = p_after;
    end if;
    if p_correlation_id is not null then
        return query
        select c.* from "${schema}".command c
        where c.tenant = p_tenant and c.correlation_id = p_correlation_id and c.number > after_number
          and (p_status is null or c.status = p_status) and (p_type is null or c.type = p_type)
          and (p_stream_id is null or (c.stream_type = p_stream_type and c.stream_id = p_stream_id))
          and (p_from is null or c.stored_at >= p_from) and (p_before is null or c.stored_at < p_before)
        order by c.number limit p_limit;
    else
        return query
        select c.* from "${schema}".command c
        where c.tenant = p_tenant and c.number > after_number
          and (p_status is null or c.status = p_status) and (p_type is null or c.type = p_type)
          and (p_stream_id is null or (c.stream_type = p_stream_type and c.stream_id = p_stream_id))
          and (p_from is null or c.stored_at >= p_from) and (p_before is null or c.stored_at < p_before)
        order by c.number limit p_limit;
    end if;
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
end
$$;

-- The status in which the command was; null if there is none. It is cancelled if that is 'pending'.
create function "${schema}".cancel_command(p_tenant text, p_id uuid, p_result text, out status text, out result text)
    language plpgsql volatile
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    select c.status, c.result::text into status, result
    from "${schema}".command c
    where c.tenant = p_tenant and c.id = p_id
    for update;
    if status = 'pending' then
        update "${schema}".command c
        set status = 'failed', result = p_result::jsonb, finished_at = clock_timestamp(), last_error = null
        where c.tenant = p_tenant and c.id = p_id;
    end if;
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
end
$$;

-- The status in which the command was; null if there is none. It is removed unless that is 'consumed'.
create function "${schema}".delete_command(p_tenant text, p_id uuid) returns text
    language plpgsql volatile
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
    found_status   text;
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    select c.status into found_status from "${schema}".command c where c.tenant = p_tenant and c.id = p_id for update;
    delete from "${schema}".command c where c.tenant = p_tenant and c.id = p_id and c.status <> 'consumed';
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
    return found_status;
end
$$;

-- What follows is for all tenants, and so for the system role alone.

create function "${schema}".purge_commands(p_ended_before_ms bigint, p_limit int) returns int
    language plpgsql volatile
as $$
declare
    callers_reach text := current_setting('eventsourcing.all_tenants', true);
    before        timestamptz := clock_timestamp() - p_ended_before_ms * interval '1 millisecond';
    removed       int;
begin
    if set_config('eventsourcing.all_tenants', 'on', true) is null then end if;
    with old as materialized (
        select c.tenant, c.id from "${schema}".command c where c.finished_at <= before limit p_limit for update skip locked)
    delete from "${schema}".command c using old o where c.tenant = o.tenant and c.id = o.id;
    get diagnostics removed = row_count;
    if set_config('eventsourcing.all_tenants', coalesce(callers_reach, ''), true) is null then end if;
    return removed;
end
$$;

-- Whether no command of its stream that is not over comes before this one.
create function "${schema}".is_first_of_stream(c "${schema}".command) returns boolean
    language sql stable
as $$
    select not exists (
        select from "${schema}".command e
        where e.tenant = c.tenant and e.stream_type = c.stream_type and e.stream_id = c.stream_id and e.finished_at is null
          and (e.due_at, e.number) < (c.due_at, c.number))
$$;

-- Takes commands that are due, each the first of its stream; of one stream only, if it is named. One that another worker is taking is
-- skipped; one that is not over, whatever it waits for, holds up those behind it.
create function "${schema}".claim_commands(
    p_worker text, p_limit int, p_lease_ms bigint, p_types text[], p_tenant text, p_stream_type text, p_stream_id text)
    returns setof "${schema}".command
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set jit = off
as $$
declare
    callers_reach text := current_setting('eventsourcing.all_tenants', true);
    at_this_time  timestamptz := clock_timestamp();
    tenants       text[];
    ids           uuid[];
begin
    perform "${schema}".require_read_committed();
    if set_config('eventsourcing.all_tenants', 'on', true) is null then end if;
    -- a claim must survive a crash: a token that is forgotten is given out again
    if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'local', true);
    end if;
    if p_stream_id is null then
        select array_agg(f.tenant), array_agg(f.id) into tenants, ids
        from (select c.tenant, c.id
              from "${schema}".command c
              where c.finished_at is null and c.ready_at <= at_this_time and c.type = any (p_types)
                and "${schema}".is_first_of_stream(c)
              order by c.ready_at, c.number limit p_limit
              for update of c skip locked) as f;
    else
        select array_agg(f.tenant), array_agg(f.id) into tenants, ids
        from (select c.tenant, c.id
              from "${schema}".command c
              where c.tenant = p_tenant and c.stream_type = p_stream_type and c.stream_id = p_stream_id
                and c.finished_at is null and c.ready_at <= at_this_time and c.type = any (p_types)
                and "${schema}".is_first_of_stream(c)
              order by c.due_at, c.number limit 1
              for update of c skip locked) as f;
    end if;
    return query
    with taken as (
        update "${schema}".command c
        set status = 'consumed', attempts = c.attempts + 1, token = c.token + 1, worker = p_worker,
            ready_at = at_this_time + p_lease_ms * interval '1 millisecond'
        from unnest(tenants, ids) with ordinality as f (tenant, id, place)
        where c.tenant = f.tenant and c.id = f.id
        returning c as command, f.place)
    select (t.command).* from taken t order by t.place;
    if set_config('eventsourcing.all_tenants', coalesce(callers_reach, ''), true) is null then end if;
end
$$;

-- The places of those that are held; their leases last from now on.
create function "${schema}".extend_commands(p_tenants text[], p_ids uuid[], p_tokens bigint[], p_lease_ms bigint) returns setof int
    language plpgsql volatile
as $$
declare
    callers_reach text := current_setting('eventsourcing.all_tenants', true);
begin
    if set_config('eventsourcing.all_tenants', 'on', true) is null then end if;
    return query
    with held as materialized (
        select c.tenant, c.id, h.place
        from "${schema}".command c
        join unnest(p_tenants, p_ids, p_tokens) with ordinality as h (tenant, id, token, place)
            on c.tenant = h.tenant and c.id = h.id and c.token = h.token
        where c.status = 'consumed' and c.ready_at > clock_timestamp()
        for update of c skip locked) -- whoever has locked it is ending it
    update "${schema}".command c
    set ready_at = clock_timestamp() + p_lease_ms * interval '1 millisecond'
    from held h
    where c.tenant = h.tenant and c.id = h.id
    returning h.place::int;
    if set_config('eventsourcing.all_tenants', coalesce(callers_reach, ''), true) is null then end if;
end
$$;

-- Gives a command back, to be tried again; false if the worker does not hold it any more.
create function "${schema}".retry_command(p_tenant text, p_id uuid, p_token bigint, p_pause_ms bigint, p_error text) returns boolean
    language plpgsql volatile
as $$
declare
    callers_reach text := current_setting('eventsourcing.all_tenants', true);
    is_held       boolean;
begin
    if set_config('eventsourcing.all_tenants', 'on', true) is null then end if;
    update "${schema}".command c
    set status = 'pending', ready_at = clock_timestamp() + p_pause_ms * interval '1 millisecond', last_error = p_error
    where c.tenant = p_tenant and c.id = p_id and c.token = p_token and c.status = 'consumed' and c.ready_at > clock_timestamp();
    is_held := found;
    if set_config('eventsourcing.all_tenants', coalesce(callers_reach, ''), true) is null then end if;
    return is_held;
end
$$;

-- Gives commands back that were not tried.
create function "${schema}".release_commands(p_tenants text[], p_ids uuid[], p_tokens bigint[]) returns void
    language plpgsql volatile
as $$
declare
    callers_reach text := current_setting('eventsourcing.all_tenants', true);
begin
    if set_config('eventsourcing.all_tenants', 'on', true) is null then end if;
    update "${schema}".command c
    set status = 'pending', ready_at = clock_timestamp(), attempts = c.attempts - 1
    from unnest(p_tenants, p_ids, p_tokens) as h (tenant, id, token)
    where c.tenant = h.tenant and c.id = h.id and c.token = h.token and c.status = 'consumed' and c.ready_at > clock_timestamp();
    if set_config('eventsourcing.all_tenants', coalesce(callers_reach, ''), true) is null then end if;
end
$$;

create or replace function "${schema}".schema_version() returns text
    language sql immutable parallel safe
return '1.9';
