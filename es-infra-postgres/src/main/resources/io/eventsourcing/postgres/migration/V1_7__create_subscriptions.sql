-- What subscriptions keep: how far each segment has come, who owns it, and which events are parked. These tables belong to the
-- system role alone, so their keys need no tenant in front.

create table "${schema}".subscription (
    name       text collate "C" primary key,
    segments   int not null check (segments > 0),
    policy     text not null,
    created_at timestamptz not null
);

-- Updated again and again, so there is room on each page for the next version of its rows, and no index on what changes.
create table "${schema}".checkpoint (
    subscription text collate "C" not null references "${schema}".subscription (name),
    segment      int not null,
    position     bigint not null,
    token        bigint not null,
    owner        uuid,
    moved_at     timestamptz not null,
    primary key (subscription, segment)
) with (fillfactor = 50);

create table "${schema}".lease (
    node          uuid primary key,
    name          text not null,
    subscriptions text[] not null,
    server_began  timestamptz not null,
    expires_at    timestamptz not null
) with (fillfactor = 50);

create table "${schema}".parked_event (
    subscription   text collate "C" not null,
    segment        int not null,
    key            text collate "C" not null,
    position       bigint not null,
    tenant         text collate "C" not null,
    stream_type    text collate "C" not null,
    stream_id      text collate "C" not null,
    event_id       uuid not null,
    attempts       int not null,
    error          text,
    parked_at      timestamptz not null,
    last_tried_at  timestamptz,
    discarded_at   timestamptz,
    discard_reason text,
    primary key (subscription, position)
);

create index parked_event_waiting on "${schema}".parked_event (subscription, key, position) where discarded_at is null;
create index parked_event_of_segment on "${schema}".parked_event (subscription, segment, key) where discarded_at is null;

comment on column "${schema}".parked_event.discarded_at is
    'when it was taken out of its queue unhandled; null while it waits';

-- Without a policy nobody sees a row, the owner neither. The policy is made where the roles are known: R__grant_access.sql.
alter table "${schema}".subscription enable row level security;
alter table "${schema}".subscription force row level security;
alter table "${schema}".checkpoint enable row level security;
alter table "${schema}".checkpoint force row level security;
alter table "${schema}".lease enable row level security;
alter table "${schema}".lease force row level security;
alter table "${schema}".parked_event enable row level security;
alter table "${schema}".parked_event force row level security;

-- The functions below look again in a new statement after they have waited for a lock. Where all statements of a transaction share
-- one snapshot they would see what was there before the wait.
create function "${schema}".require_read_committed() returns void
    language plpgsql volatile
as $$
begin
    if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
        raise exception 'The transaction has the isolation ''%'', but checkpoints need READ COMMITTED.',
            current_setting('transaction_isolation')
            using errcode = 'invalid_transaction_state';
    end if;
end
$$;

-- Makes a subscription known, unless it is; answers how it is divided in the store.
create function "${schema}".register_subscription(
    p_subscription text, p_segments int, p_policy text, p_start bigint, out segments int, out policy text)
    language plpgsql volatile
as $$
#variable_conflict use_column
begin
    perform "${schema}".require_read_committed();
    -- waits for another node that registers the same name, and then inserts nothing
    insert into "${schema}".subscription (name, segments, policy, created_at)
    values (p_subscription, p_segments, p_policy, clock_timestamp())
    on conflict (name) do nothing;
    if found then
        insert into "${schema}".checkpoint (subscription, segment, position, token, moved_at)
        select p_subscription, n, p_start, 0, clock_timestamp() from generate_series(0, p_segments - 1) as n;
    end if;
    -- a new statement, which sees what the other node has committed meanwhile
    select s.segments, s.policy into segments, policy
    from "${schema}".subscription s
    where s.name = p_subscription;
end
$$;

create function "${schema}".subscription_sequencing(p_subscription text) returns table (segments int, policy text)
    language sql volatile
as $$
    select s.segments, s.policy from "${schema}".subscription s where s.name = p_subscription
$$;

-- Whether a lease lasts. By clock_timestamp(): now() stands still within a transaction, and a lease would seem to last that is over. And
-- only on the server that gave it: one that was restored or promoted since may lack what the owner has read, and draw the positions again
-- that he has passed. He begins anew from the checkpoint that is there.
create function "${schema}".lasts(l "${schema}".lease) returns boolean
    language sql volatile
as $$
    select l.expires_at > clock_timestamp() and l.server_began = pg_postmaster_start_time()
$$;

-- How many segments of each of its subscriptions a node may own: an equal share, and one of those that remain for the first nodes in
-- an order that differs between subscriptions, so that subscriptions with one segment do not all end up on the same node.
create function "${schema}".segment_shares(p_node uuid, p_subscriptions text[]) returns table (subscription text, share bigint)
    language sql stable
as $$
    select s.name, s.segments / n.nodes + case when n.before < s.segments % n.nodes then 1 else 0 end
    from "${schema}".subscription s
    cross join lateral (
        select count(*) as nodes,
               count(*) filter (where md5(l.node::text || s.name) < md5(p_node::text || s.name)) as before
        from "${schema}".lease l
        where s.name = any (l.subscriptions) and (l.node = p_node or "${schema}".lasts(l))) as n
    where s.name = any (p_subscriptions)
$$;

-- Renews the lease of a node, gives it free segments up to its share, and answers all that it owns. is_surplus marks those above its
-- share, the highest numbers. Of the subscriptions that it is leaving it has no share, and keeps what it owns until it releases it.
--
-- Nobody waits here for a node that is stuck: rows that are locked are skipped, and of several nodes that renew at the same time one
-- claims, the others do so next time. The key of that lock is the oid of this store's table "checkpoint", in the two-integer space
-- where appends register under the oid of the sequence; streams and tenants lock in the one-integer space. The one row that may be
-- waited for is the node's own lease, and not for long.
create function "${schema}".renew_lease(
    p_node uuid, p_name text, p_subscriptions text[], p_leaving text[], p_lease_ms int)
    returns table (subscription text, segment int, "position" bigint, token bigint, is_surplus boolean, has_parked boolean)
    language plpgsql volatile
    set lock_timeout = '1s'
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set jit = off
as $$
#variable_conflict use_column
declare
    is_live boolean;
begin
    perform "${schema}".require_read_committed();
    -- A claim must survive a crash: a token that is forgotten is given out again, to another node.
    if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'local', true);
    end if;

    -- 1. A lease that was over begins anew: its segments are free, so that they get new tokens. So are those of subscriptions that
    -- the node does not run any more. A row that is locked is in the hands of a transaction that the fence has let pass.
    is_live := exists (select from "${schema}".lease l where l.node = p_node and "${schema}".lasts(l));
    with freed as materialized (
        select c.subscription, c.segment
        from "${schema}".checkpoint c
        where c.owner = p_node and (not is_live or c.subscription <> all (p_subscriptions || p_leaving))
        for update skip locked)
    update "${schema}".checkpoint c
    set owner = null
    from freed f
    where c.subscription = f.subscription and c.segment = f.segment;

    -- 2. the lease
    insert into "${schema}".lease as l (node, name, subscriptions, server_began, expires_at)
    values (p_node, p_name, p_subscriptions, pg_postmaster_start_time(),
            clock_timestamp() + p_lease_ms * interval '1 millisecond')
    on conflict (node) do update
        set name = excluded.name, subscriptions = excluded.subscriptions, server_began = excluded.server_began,
            expires_at = excluded.expires_at;

    -- 3. The claims, one node at a time. In new statements after the lock, which see what the node before has committed: its lock is
    -- gone only after its claims are visible.
    if pg_try_advisory_xact_lock('"${schema}".checkpoint'::regclass::oid::int, 0) then
        delete from "${schema}".lease l
        where l.node in (select o.node
                         from "${schema}".lease o
                         where o.expires_at < clock_timestamp() - interval '1 minute'
                         for update skip locked);

        with free as materialized (
            select f.subscription, f.segment
            from "${schema}".segment_shares(p_node, p_subscriptions) s
            cross join lateral (
                select c.subscription, c.segment
                from "${schema}".checkpoint c
                where c.subscription = s.subscription
                  and (c.owner is null
                       or not exists (select from "${schema}".lease l
                                      where l.node = c.owner and "${schema}".lasts(l)))
                order by c.segment
                limit greatest(0, s.share - (select count(*) from "${schema}".checkpoint o
                                             where o.subscription = s.subscription and o.owner = p_node))
                for update of c skip locked) as f)
        update "${schema}".checkpoint c
        set owner = p_node, token = c.token + 1
        from free f
        where c.subscription = f.subscription and c.segment = f.segment;
    end if;

    return query
    select c.subscription, c.segment, c.position, c.token,
           row_number() over (partition by c.subscription order by c.segment) > coalesce(s.share, 0),
           exists (select from "${schema}".parked_event e
                   where e.subscription = c.subscription and e.segment = c.segment and e.discarded_at is null)
    from "${schema}".checkpoint c
    left join "${schema}".segment_shares(p_node, p_subscriptions) s on s.subscription = c.subscription
    where c.subscription = any (p_subscriptions || p_leaving) and c.owner = p_node
    order by c.subscription, c.segment;
end
$$;

-- Ends a lease. That alone frees its segments, so one that is locked is not waited for.
create function "${schema}".leave(p_node uuid) returns void
    language plpgsql volatile
as $$
begin
    delete from "${schema}".lease l where l.node = p_node;
    with freed as materialized (
        select c.subscription, c.segment
        from "${schema}".checkpoint c
        where c.owner = p_node
        for update skip locked)
    update "${schema}".checkpoint c
    set owner = null
    from freed f
    where c.subscription = f.subscription and c.segment = f.segment;
end
$$;

-- The fence: moves one row or none. The last statement of the transaction that handles a batch, so that what the batch wrote and the
-- checkpoint are committed together, and the row is locked only for the commit. An update that waited for the row looks at it again,
-- as the other transaction left it; a look at the token before it would not, and doubled every increment.
create function "${schema}".advance_checkpoint(
    p_subscription text, p_segment int, p_token bigint, p_from bigint, p_to bigint) returns boolean
    language plpgsql volatile
as $$
begin
    if p_to < p_from then
        raise exception 'The checkpoint of segment % of subscription ''%'' is at %, and cannot go back to %.',
            p_segment, p_subscription, p_from, p_to
            using errcode = 'invalid_parameter_value';
    end if;
    update "${schema}".checkpoint c
    set position = p_to, moved_at = clock_timestamp()
    where c.subscription = p_subscription and c.segment = p_segment
      and c.token = p_token and c.position = p_from
      and exists (select from "${schema}".lease l where l.node = c.owner and "${schema}".lasts(l));
    return found;
end
$$;

-- Locks checkpoints in one order for everybody, so that two who move several do not wait for each other in a circle.
create function "${schema}".lock_checkpoints(p_subscriptions text[], p_segments int[]) returns void
    language plpgsql volatile
as $$
begin
    perform
    from "${schema}".checkpoint c
    join unnest(p_subscriptions, p_segments) as h (subscription, segment)
        on c.subscription = h.subscription and c.segment = h.segment
    order by c.subscription, c.segment
    for update of c;
end
$$;

-- Moves several checkpoints behind the same fence; answers the places of those that were moved.
create function "${schema}".advance_checkpoints(
    p_subscriptions text[], p_segments int[], p_tokens bigint[], p_from bigint[], p_to bigint[]) returns setof int
    language plpgsql volatile
as $$
begin
    perform "${schema}".lock_checkpoints(p_subscriptions, p_segments);
    return query
    update "${schema}".checkpoint c
    set position = h.reached, moved_at = clock_timestamp()
    from unnest(p_subscriptions, p_segments, p_tokens, p_from, p_to) with ordinality
        as h (subscription, segment, token, held, reached, place)
    where c.subscription = h.subscription and c.segment = h.segment
      and c.token = h.token and c.position = h.held
      and exists (select from "${schema}".lease l where l.node = c.owner and "${schema}".lasts(l))
    returning h.place::int;
end
$$;

-- Frees segments of which the caller still is the owner. Their positions never go back.
create function "${schema}".release_segments(
    p_subscriptions text[], p_segments int[], p_tokens bigint[], p_positions bigint[]) returns void
    language plpgsql volatile
as $$
begin
    perform "${schema}".lock_checkpoints(p_subscriptions, p_segments);
    update "${schema}".checkpoint c
    set owner = null, position = greatest(c.position, h.position), moved_at = clock_timestamp()
    from unnest(p_subscriptions, p_segments, p_tokens, p_positions) as h (subscription, segment, token, position)
    where c.subscription = h.subscription and c.segment = h.segment
      and c.token = h.token
      and exists (select from "${schema}".lease l where l.node = c.owner and "${schema}".lasts(l));
end
$$;

-- Locks a segment until the transaction ends: its checkpoint is not moved, and none of its events is parked meanwhile. Whoever
-- retries parked events does it under this lock, or later events are parked behind a queue that is empty.
create function "${schema}".lock_segment(p_subscription text, p_segment int) returns void
    language plpgsql volatile
as $$
begin
    perform "${schema}".require_read_committed();
    perform
    from "${schema}".checkpoint c
    where c.subscription = p_subscription and c.segment = p_segment
    for update;
end
$$;

-- Parks an event and moves the checkpoint to it: 'parked'. 'lost' if the fence does not let it pass. An event without an error is
-- only to wait behind another of its key: 'not parked' if there is none.
create function "${schema}".park_event(
    p_subscription text, p_segment int, p_token bigint, p_from bigint,
    p_key text, p_position bigint, p_tenant text, p_stream_type text, p_stream_id text, p_event_id uuid,
    p_attempts int, p_error text) returns text
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
begin
    perform "${schema}".require_read_committed();
    -- 1. the fence, and the lock that a retry of the parked events holds as well
    perform
    from "${schema}".checkpoint c
    where c.subscription = p_subscription and c.segment = p_segment
      and c.token = p_token and c.position = p_from
      and exists (select from "${schema}".lease l where l.node = c.owner and "${schema}".lasts(l))
    for update of c;
    if not found then
        return 'lost';
    end if;

    -- 2. In a new statement, which sees what the retry that held the lock has left of the queue: behind an empty one nobody would
    -- ever come for this event.
    if p_error is null and not exists (
            select from "${schema}".parked_event e
            where e.subscription = p_subscription and e.key = p_key and e.discarded_at is null) then
        return 'not parked';
    end if;

    -- 3. What is left of an earlier run up to here, as a discarded event, is replaced.
    insert into "${schema}".parked_event as e (
        subscription, segment, key, position, tenant, stream_type, stream_id, event_id,
        attempts, error, parked_at, last_tried_at)
    values (p_subscription, p_segment, p_key, p_position, p_tenant, p_stream_type, p_stream_id, p_event_id,
            p_attempts, p_error, clock_timestamp(), case when p_error is not null then clock_timestamp() end)
    on conflict (subscription, position) do update
        set segment = excluded.segment, key = excluded.key, attempts = excluded.attempts, error = excluded.error,
            parked_at = excluded.parked_at, last_tried_at = excluded.last_tried_at,
            discarded_at = null, discard_reason = null;
    update "${schema}".checkpoint c
    set position = p_position, moved_at = clock_timestamp()
    where c.subscription = p_subscription and c.segment = p_segment;
    return 'parked';
end
$$;

create function "${schema}".parked_keys(p_subscription text, p_segment int) returns table (key text)
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set jit = off
as $$
#variable_conflict use_column
begin
    return query
    select distinct e.key
    from "${schema}".parked_event e
    where e.subscription = p_subscription and e.segment = p_segment and e.discarded_at is null;
end
$$;

-- The events that wait, in the order of their positions; of all keys if p_key is null.
create function "${schema}".parked_events(p_subscription text, p_key text, p_after bigint, p_limit int)
    returns setof "${schema}".parked_event
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set jit = off
as $$
begin
    if p_key is null then
        return query
        select e.*
        from "${schema}".parked_event e
        where e.subscription = p_subscription and e.position > p_after and e.discarded_at is null
        order by e.position limit p_limit;
    else
        return query
        select e.*
        from "${schema}".parked_event e
        where e.subscription = p_subscription and e.key = p_key and e.position > p_after and e.discarded_at is null
        order by e.position limit p_limit;
    end if;
end
$$;

-- Takes an event out of its queue, because it is handled or gone.
create function "${schema}".unpark_event(p_subscription text, p_position bigint) returns boolean
    language plpgsql volatile
as $$
begin
    delete from "${schema}".parked_event e
    where e.subscription = p_subscription and e.position = p_position and e.discarded_at is null;
    return found;
end
$$;

create function "${schema}".parked_event_failed(p_subscription text, p_position bigint, p_error text) returns void
    language plpgsql volatile
as $$
begin
    update "${schema}".parked_event e
    set attempts = e.attempts + 1, error = p_error, last_tried_at = clock_timestamp()
    where e.subscription = p_subscription and e.position = p_position and e.discarded_at is null;
end
$$;

-- Takes an event out of its queue unhandled, and keeps it with the reason.
create function "${schema}".discard_parked_event(p_subscription text, p_position bigint, p_reason text) returns boolean
    language plpgsql volatile
as $$
begin
    update "${schema}".parked_event e
    set discarded_at = clock_timestamp(), discard_reason = p_reason
    where e.subscription = p_subscription and e.position = p_position and e.discarded_at is null;
    return found;
end
$$;

-- The segments of a subscription as they are; an owner whose lease is over is none.
create function "${schema}".segment_states(p_subscription text)
    returns table (segment int, "position" bigint, owner text, parked bigint)
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set jit = off
as $$
#variable_conflict use_column
begin
    return query
    select c.segment, c.position, l.name,
           (select count(*) from "${schema}".parked_event e
            where e.subscription = c.subscription and e.segment = c.segment and e.discarded_at is null)
    from "${schema}".checkpoint c
    left join "${schema}".lease l on l.node = c.owner and "${schema}".lasts(l)
    where c.subscription = p_subscription
    order by c.segment;
end
$$;

-- The place before the first event that was recorded then or later, else the end of the log: where somebody starts who wants what
-- comes from a time on. Times do not rise exactly with positions, so the log is read in its order up to that event.
create function "${schema}".log_before(p_time timestamptz, out refused text, out "position" bigint)
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
as $$
declare
    callers_reach text := current_setting('eventsourcing.all_tenants', true);
    water         record;
    up_to         bigint;
begin
    select * into water from "${schema}".high_water_mark();
    refused := water.refused;
    if refused is not null then
        return;
    end if;
    up_to := water.mark;
    if set_config('eventsourcing.all_tenants', 'on', true) is null then end if;
    select e.position - 1 into position
    from "${schema}".event e
    where e.position <= up_to and e.recorded_at >= p_time
    order by e.position limit 1;
    if position is null then
        select e.position into position from "${schema}".event e where e.position <= up_to order by e.position desc limit 1;
    end if;
    position := coalesce(position, 0);
    if not "${schema}".may_read_all_tenants() then
        refused := 'role';
    end if;
    if set_config('eventsourcing.all_tenants', coalesce(callers_reach, ''), true) is null then end if;
end
$$;

-- The highest position that an event has, the highest one that a checkpoint stands at, the last one drawn, and whether the sequence is
-- as it must be; nothing if this role does not see the events of all tenants. The sequence must not be behind, as it is after an
-- incomplete restore or on a logical replica: new events would be written where readers of the log have been. The events alone do not
-- tell: those that a checkpoint has passed last may be of a stream that was deleted since. Read in this order, so that appends and
-- subscriptions meanwhile do no harm. A role that reads all tenants without being the system role sees no checkpoint, and compares none.
drop function "${schema}".drawn_and_written();
create function "${schema}".drawn_and_written(
    out written bigint, out passed bigint, out drawn bigint, out is_exact boolean)
    language plpgsql volatile
as $$
declare
    callers_reach text := current_setting('eventsourcing.all_tenants', true);
begin
    if not "${schema}".may_read_all_tenants() then
        return;
    end if;
    if set_config('eventsourcing.all_tenants', 'on', true) is null then end if;
    select coalesce(max(e.position), 0) into written from "${schema}".event e;
    passed := 0;
    if has_table_privilege('"${schema}".checkpoint', 'select') then
        select coalesce(max(c.position), 0) into passed from "${schema}".checkpoint c;
    end if;
    drawn := pg_sequence_last_value('"${schema}".event_position_seq'::regclass);
    if drawn is null then
        raise exception 'The sequence "${schema}".event_position_seq was never called, or cannot be read by role %.', current_user
            using hint = 'Draw one position, or grant SELECT on the sequence.';
    end if;
    select s.seqcache = 1 and s.seqincrement = 1 and not s.seqcycle into is_exact
    from pg_catalog.pg_sequence s
    where s.seqrelid = '"${schema}".event_position_seq'::regclass;
    if set_config('eventsourcing.all_tenants', coalesce(callers_reach, ''), true) is null then end if;
end
$$;

create or replace function "${schema}".schema_version() returns text
    language sql immutable parallel safe
return '1.7';
