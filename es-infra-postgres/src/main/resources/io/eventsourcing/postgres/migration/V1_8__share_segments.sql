-- Sharing segments waits for nobody who is stuck: neither for a retry of parked events that holds a checkpoint, nor for a node that has
-- renewed its lease and does not commit, nor for a lease that a clock that was set back makes long. And a node that looks for fewer types
-- of events than another one leaves its segments to that one.

-- Renewals wait behind this, and it waits behind whoever reads the table, such as a dump.
set local lock_timeout = '2s';

alter table "${schema}".lease add column given_at timestamptz not null default '-infinity',
                              add column looks_for text[] not null default '{}';

comment on column "${schema}".lease.looks_for is
    'for each of the subscriptions the types of events that the node looks for, separated by chr(31); empty for all, null if it did not say';

-- Whether a lease lasts. By clock_timestamp(): now() stands still within a transaction, and a lease would seem to last that is over. And
-- only on the server that gave it: one that was restored or promoted since may lack what the owner has read, and draw the positions again
-- that he has passed. He begins anew from the checkpoint that is there. So does the owner of a lease that was given in the future: the
-- clock was set back since, by more than it is usually corrected, and the lease of one who died would last for as long as that.
create or replace function "${schema}".lasts(l "${schema}".lease) returns boolean
    language sql volatile
as $$
    select l.expires_at > clock_timestamp() and l.given_at < clock_timestamp() + interval '1 second'
       and l.server_began = pg_postmaster_start_time()
$$;

-- Whether another node that runs the subscription looks for more types of events than the one with this lease: that one is of a newer
-- version in a rolling deployment, or this one is of an older one. It would pass the events of those types by, for both of them.
create function "${schema}".is_outdated(l "${schema}".lease, p_subscription text) returns boolean
    language sql stable
as $$
    select exists (
        select
        from "${schema}".lease o
        cross join lateral (select o.looks_for[array_position(o.subscriptions, p_subscription)] as others,
                                   l.looks_for[array_position(l.subscriptions, p_subscription)] as own) as t
        where o.node <> l.node and p_subscription = any (o.subscriptions) and "${schema}".lasts(o)
          and t.own <> ''
          and (t.others = '' or (string_to_array(t.own, chr(31)) <@ string_to_array(t.others, chr(31))
                                 and not string_to_array(t.others, chr(31)) <@ string_to_array(t.own, chr(31)))))
$$;

-- How many segments of each of its subscriptions a node may own: an equal share, and one of those that remain for the first nodes in
-- an order that differs between subscriptions, so that subscriptions with one segment do not all end up on the same node. None where it
-- is outdated.
create or replace function "${schema}".segment_shares(p_node uuid, p_subscriptions text[])
    returns table (subscription text, share bigint)
    language sql stable
as $$
    select s.name,
           case when n.own = 0 then 0
                else s.segments / n.nodes + case when n.before < s.segments % n.nodes then 1 else 0 end
           end
    from "${schema}".subscription s
    cross join lateral (
        select count(*) as nodes,
               count(*) filter (where l.node = p_node) as own,
               count(*) filter (where md5(l.node::text || s.name) < md5(p_node::text || s.name)) as before
        from "${schema}".lease l
        where s.name = any (l.subscriptions) and (l.node = p_node or "${schema}".lasts(l))
          and not "${schema}".is_outdated(l, s.name)) as n
    where s.name = any (p_subscriptions)
$$;

-- Renews the lease of a node, gives it free segments up to its share, and answers all that it owns. is_surplus marks those above its
-- share, the highest numbers. What an outdated node owns is free. Of the subscriptions that it is leaving it has no share, and keeps what it owns until it releases it.
--
-- Nobody waits here for a node that is stuck: rows that are locked are skipped, and of several nodes that renew at the same time one
-- claims, the others do so next time. The key of that lock is the oid of this store's table "checkpoint", in the two-integer space
-- where appends register under the oid of the sequence; streams and tenants lock in the one-integer space. The one row that may be
-- waited for is the node's own lease, and not for long.
create function "${schema}".renew_lease(
    p_node uuid, p_name text, p_subscriptions text[], p_looks_for text[], p_leaving text[], p_lease_ms int)
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
    -- Where the connection does not commit by itself, the locks below last until the node says so. One that is stuck before that is
    -- ended, or nobody would claim anything. A shorter limit of the session stays.
    if current_setting('idle_in_transaction_session_timeout')::interval not between '1ms' and '2s' then
        perform set_config('idle_in_transaction_session_timeout', '2s', true);
    end if;
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
    insert into "${schema}".lease as l (node, name, subscriptions, looks_for, server_began, given_at, expires_at)
    values (p_node, p_name, p_subscriptions, p_looks_for, pg_postmaster_start_time(), clock_timestamp(),
            clock_timestamp() + p_lease_ms * interval '1 millisecond')
    on conflict (node) do update
        set name = excluded.name, subscriptions = excluded.subscriptions, looks_for = excluded.looks_for,
            server_began = excluded.server_began,
            given_at = excluded.given_at, expires_at = excluded.expires_at;

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
                                      where l.node = c.owner and "${schema}".lasts(l)
                                        and not "${schema}".is_outdated(l, c.subscription)))
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

-- As nodes of an older version of the library call it, which do not say what they look for.
create or replace function "${schema}".renew_lease(
    p_node uuid, p_name text, p_subscriptions text[], p_leaving text[], p_lease_ms int)
    returns table (subscription text, segment int, "position" bigint, token bigint, is_surplus boolean, has_parked boolean)
    language sql volatile
as $$
    select * from "${schema}".renew_lease(p_node, p_name, p_subscriptions, '{}', p_leaving, p_lease_ms)
$$;

-- Moves several checkpoints behind the same fence; answers the places of those that were moved. One that is locked is left where it is:
-- it is moved the next time, and nobody waits for whoever holds it.
create or replace function "${schema}".advance_checkpoints(
    p_subscriptions text[], p_segments int[], p_tokens bigint[], p_from bigint[], p_to bigint[]) returns setof int
    language plpgsql volatile
as $$
begin
    return query
    with held as materialized (
        select c.subscription, c.segment, h.reached, h.place
        from "${schema}".checkpoint c
        join unnest(p_subscriptions, p_segments, p_tokens, p_from, p_to) with ordinality
            as h (subscription, segment, token, held, reached, place)
            on c.subscription = h.subscription and c.segment = h.segment and c.token = h.token and c.position = h.held
        where exists (select from "${schema}".lease l where l.node = c.owner and "${schema}".lasts(l))
        for update of c skip locked)
    update "${schema}".checkpoint c
    set position = h.reached, moved_at = clock_timestamp()
    from held h
    where c.subscription = h.subscription and c.segment = h.segment
    returning h.place::int;
end
$$;

-- Frees segments of which the caller still is the owner. Their positions never go back. Several are locked in one order by everybody, so
-- that two who free some do not wait for each other in a circle.
create or replace function "${schema}".release_segments(
    p_subscriptions text[], p_segments int[], p_tokens bigint[], p_positions bigint[]) returns void
    language plpgsql volatile
as $$
begin
    perform
    from "${schema}".checkpoint c
    join unnest(p_subscriptions, p_segments) as h (subscription, segment)
        on c.subscription = h.subscription and c.segment = h.segment
    order by c.subscription, c.segment
    for update of c;
    -- a new statement, which sees what the others have left
    update "${schema}".checkpoint c
    set owner = null, position = greatest(c.position, h.position), moved_at = clock_timestamp()
    from unnest(p_subscriptions, p_segments, p_tokens, p_positions) as h (subscription, segment, token, position)
    where c.subscription = h.subscription and c.segment = h.segment
      and c.token = h.token
      and exists (select from "${schema}".lease l where l.node = c.owner and "${schema}".lasts(l));
end
$$;

drop function "${schema}".lock_checkpoints(text[], int[]);

create or replace function "${schema}".schema_version() returns text
    language sql immutable parallel safe
return '1.8';
