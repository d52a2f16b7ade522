-- The high-water mark: nothing at or below it is in flight any more. Each step is a statement of its own, in this order:
--   1. the last position drawn. By pg_sequence_last_value, which reads under the buffer's lock: "select last_value" is a torn
--      read, up to 32 too high, that lost events. Null without the privilege, or on a sequence never called: an error, never 0;
--   2. the smallest registration. Read before step 1, it would miss who registers and draws in between;
--   3. the smaller of both.
-- A position drawn after a registration is above its key; who registers after step 2 draws above step 1's position; and a commit
-- is visible before its locks are gone, so what is not registered in step 2 is visible to the statement after this function.
--
-- A key has the low 32 bits of a position, widened here to the position next to the last one drawn. Only shared locks in this
-- sequence's key space count, so that nobody else's locks hold the mark back. A prepared transaction's registration counts, too.
--
-- A jump of the sequence by 2^31 or more during an append would be taken for a later position: do not set it so far ahead.
--
-- refused is 'isolation' where the statements of a transaction share a snapshot, 'standby' where locks are those of another
-- server, else null.
create function "${schema}".high_water_mark(
    out refused text, out mark bigint, out last_drawn bigint, out held_by int, out held_by_prepared text)
    language plpgsql volatile
as $$
declare
    log_sequence constant oid := '"${schema}".event_position_seq'::regclass::oid;
    this_database constant oid := (select d.oid from pg_catalog.pg_database d where d.datname = current_database());
    holder text;
begin
    if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
        refused := 'isolation';
        return;
    end if;
    if pg_is_in_recovery() then
        refused := 'standby';
        return;
    end if;

    -- 1. the last position drawn
    last_drawn := pg_sequence_last_value(log_sequence);
    if last_drawn is null then
        raise exception 'The sequence "${schema}".event_position_seq cannot be read by role %.', current_user
            using hint = 'Grant SELECT on the sequence.';
    end if;

    -- 2. the smallest registration
    select last_drawn - (((last_drawn - l.objid::bigint + 2147483648) & 4294967295) - 2147483648), l.pid,
           l.virtualtransaction
    into mark, held_by, holder
    from pg_catalog.pg_locks l
    where l.locktype = 'advisory' and l.database = this_database and l.classid = log_sequence and l.objsubid = 2
      and l.mode = 'ShareLock' and l.granted
    order by 1
    limit 1;

    -- 3. the smaller of both
    if mark is null or mark >= last_drawn then
        mark := last_drawn;
        held_by := null;
    elsif held_by is null then
        held_by_prepared := coalesce(
            (select p.gid
             from pg_catalog.pg_locks l
             join pg_catalog.pg_prepared_xacts p on p.transaction = l.transactionid
             where l.locktype = 'transactionid' and l.pid is null and l.virtualtransaction = holder),
            'unknown');
    end if;
end
$$;

-- Whether this role is one that the policy for reading across tenants lets through. Asked before such a read: row-level security
-- would silently hide all events from any other role, and the reader would go on behind them.
create function "${schema}".may_read_all_tenants() returns boolean
    language sql stable
as $$
    select r.rolsuper or r.rolbypassrls or exists (
        select from pg_catalog.pg_policy p, unnest(p.polroles) as allowed (role)
        where p.polrelid = '"${schema}".event'::regclass and p.polname = 'of_all_tenants'
          and (allowed.role = 0 or pg_has_role(current_user, allowed.role, 'usage')))
    from pg_catalog.pg_roles r
    where r.rolname = current_user
$$;

-- A page of the log, oldest first, up to the high-water mark. There is always at least one row: its event columns are null where
-- nothing was found.
--
-- At most p_scan positions are looked at, so that a filter that finds nothing does not read the whole log in one statement;
-- scanned_to is the last of them, never a bare mark: positions above the last event may be drawn again after a crash, for other
-- events, and who had passed them would lose those. is_last says that there was nothing more below the mark. A page ends after
-- p_limit events, or when it holds p_max_bytes of payload and metadata, whichever comes first, but never before one event; is_full
-- says of its last event that it ended the page.
create function "${schema}".read_log(
    p_after bigint, p_limit int, p_scan int, p_max_bytes bigint,
    p_tenant text, p_types text[], p_stream_types text[], p_tags text[], p_archived boolean)
    returns table (
        refused text, mark bigint, scanned_to bigint, is_last boolean, is_full boolean,
        tenant text, stream_type text, stream_id text,
        "position" bigint, version bigint, event_id uuid, type text, schema_version int,
        payload text, codec text, metadata text, tags text[], recorded_at timestamptz)
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
    set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
#variable_conflict use_column
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
    callers_reach  text := current_setting('eventsourcing.all_tenants', true);
    first_tag      text := p_tags[1];
    water          record;
    up_to          bigint;
    scanned        bigint[];
begin
    select * into water from "${schema}".high_water_mark();
    if water.refused is not null then
        refused := water.refused;
        return next;
        return;
    end if;
    if p_after > water.last_drawn then
        refused := 'ahead';
        mark := water.last_drawn;
        return next;
        return;
    end if;
    up_to := water.mark;
    if set_config('eventsourcing.tenant', coalesce(p_tenant, ''), true) is null then end if;
    if set_config('eventsourcing.all_tenants', case when p_tenant is null then 'on' else '' end, true) is null then end if;

    -- In a new statement than the mark, which sees everything below it. Each case has an index with its positions in order, so that
    -- each read begins where the last one ended.
    if p_tenant is null then
        scanned := array(
            select e.position from "${schema}".event e
            where e.position > p_after and e.position <= up_to
            order by e.position limit p_scan);
    elsif first_tag is null then
        scanned := array(
            select e.position from "${schema}".event e
            where e.tenant = p_tenant and e.position > p_after and e.position <= up_to
            order by e.position limit p_scan);
    else
        scanned := array(
            select t.position from "${schema}".event_tag t
            where t.tenant = p_tenant and t.tag = first_tag and t.position > p_after and t.position <= up_to
            order by t.position limit p_scan);
    end if;
    -- Asked after the scan, whose lock on the table keeps the policies as they are from now on: a read that waited for a change of
    -- them would otherwise have found nothing, and gone on behind it.
    if p_tenant is null and not "${schema}".may_read_all_tenants() then
        if set_config('eventsourcing.all_tenants', coalesce(callers_reach, ''), true) is null then end if;
        if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
        refused := 'role';
        return next;
        return;
    end if;

    return query
    select null::text, water.mark, coalesce(scanned[cardinality(scanned)], p_after), cardinality(scanned) < p_scan,
           p.place = p_limit or p.bytes_before + p.bytes >= p_max_bytes,
           p.tenant, p.stream_type, p.stream_id,
           p.position, p.version, p.event_id, p.type, p.schema_version,
           p.payload, p.codec, p.metadata, p.tags, p.recorded_at
    from (values (1)) as header
    left join (
        select b.*, row_number() over (order by b.position) as place,
               octet_length(b.payload) + octet_length(b.metadata) as bytes,
               sum(octet_length(b.payload) + octet_length(b.metadata)) over (order by b.position)
                   - octet_length(b.payload) - octet_length(b.metadata) as bytes_before
        from (select e.tenant, e.stream_type, e.stream_id, e.position, e.version, e.event_id, e.type, e.schema_version,
                     e.payload::text as payload, e.codec, e.metadata::text as metadata, e.tags, e.recorded_at
              from unnest(scanned) with ordinality as s (position, place)
              join "${schema}".event e on e.position = s.position
              where (p_types = '{}' or e.type = any (p_types))
                and (p_stream_types = '{}' or e.stream_type = any (p_stream_types))
                and (p_tags = '{}' or e.tags @> p_tags)
                and (p_archived or not exists (
                        select from "${schema}".closed_stream c
                        where c.tenant = e.tenant and c.stream_type = e.stream_type and c.stream_id = e.stream_id))
              order by s.place limit p_limit) as b) as p
        on p.bytes_before < p_max_bytes
    order by p.position;

    if set_config('eventsourcing.all_tenants', coalesce(callers_reach, ''), true) is null then end if;
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
end
$$;

-- The position of the last event at or below the high-water mark, 0 if there is none: where somebody starts who wants what comes from
-- now on. Not the mark itself, which may be drawn again after a crash.
create function "${schema}".log_end(out refused text, out "position" bigint)
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
    select e.position into position from "${schema}".event e where e.position <= up_to order by e.position desc limit 1;
    position := coalesce(position, 0);
    if not "${schema}".may_read_all_tenants() then
        refused := 'role';
    end if;
    if set_config('eventsourcing.all_tenants', coalesce(callers_reach, ''), true) is null then end if;
end
$$;

-- The highest position that an event has, the last one drawn, and whether the sequence is as it must be; nothing if this role does
-- not see the events of all tenants. The sequence must not be behind, as it is after an incomplete restore or on a logical replica:
-- new events would be written where readers of the log have been. Read in this order, so that appends meanwhile do no harm.
create function "${schema}".drawn_and_written(out written bigint, out drawn bigint, out is_exact boolean)
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
return '1.6';
