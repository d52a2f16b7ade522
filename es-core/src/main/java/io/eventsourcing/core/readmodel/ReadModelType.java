package io.eventsourcing.core.readmodel;

import io.eventsourcing.core.serialization.JsonValues;
import io.eventsourcing.core.tenant.TenantId;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ReadModel} record is in a store: its table, its columns, and how a record becomes a row and back. Checked once, when it
 * is made. Immutable and thread-safe.
 *
 * @param <T> the record
 */
public final class ReadModelType<T> {

    /** The longest name of a table: a suffix for what is beside it must fit into what PostgreSQL keeps of a name. */
    public static final int MAX_TABLE_LENGTH = 50;

    /** The column that every table has before those of the record. */
    public static final String TENANT = "tenant";

    private static final int MAX_COLUMN_BYTES = 63;
    private static final Pattern TABLE = Pattern.compile("[a-z_][a-z0-9_]*");

    private final Class<T> recordClass;
    private final String table;
    private final List<ColumnBinding> bindings;
    private final List<Column> columns;
    private final List<ColumnBinding> idBindings;
    private final int[] idPlaces;
    private final MethodHandle constructor;

    private ReadModelType(Class<T> recordClass, String table, List<ColumnBinding> bindings, MethodHandle constructor) {
        this.recordClass = recordClass;
        this.table = table;
        this.bindings = bindings;
        this.columns = bindings.stream().map(ColumnBinding::column).toList();
        this.idBindings =
                bindings.stream().filter(binding -> binding.column().isId()).toList();
        this.idPlaces = idBindings.stream().mapToInt(bindings::indexOf).toArray();
        this.constructor = constructor;
    }

    /**
     * Reads what the record says.
     *
     * @param recordClass the record
     * @param json writes and reads columns of JSON
     * @param <T> the record
     * @return its type
     * @throws ReadModelConfigurationException if it cannot be a read model as it is
     */
    public static <T> ReadModelType<T> of(Class<T> recordClass, JsonValues json) {
        ReadModel annotation = recordClass.getAnnotation(ReadModel.class);
        if (annotation == null || !recordClass.isRecord()) {
            throw refused(recordClass, "it is no record with @ReadModel", "Annotate a record");
        }
        String table = annotation.table().isEmpty() ? snakeCase(recordClass.getSimpleName()) : annotation.table();
        if (!TABLE.matcher(table).matches() || table.length() > MAX_TABLE_LENGTH) {
            throw refused(
                    recordClass,
                    "'" + table + "' cannot be the name of its table",
                    "Give table = 1 to " + MAX_TABLE_LENGTH
                            + " of the characters a-z, 0-9 and _, not starting with a digit");
        }
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        List<ColumnBinding> bindings = Arrays.stream(recordClass.getRecordComponents())
                .map(component -> ColumnBinding.of(recordClass, table, component, lookup, json))
                .toList();
        check(recordClass, bindings);
        return new ReadModelType<>(recordClass, table, bindings, constructor(recordClass, lookup));
    }

    private static void check(Class<?> recordClass, List<ColumnBinding> bindings) {
        if (bindings.stream().noneMatch(binding -> binding.column().isId())) {
            throw refused(
                    recordClass, "no component has @Id, so that nothing tells its rows apart", "Annotate one or more");
        }
        Set<String> names = new HashSet<>();
        for (ColumnBinding binding : bindings) {
            String name = binding.column().name();
            if (name.equals(TENANT)) {
                throw refused(
                        recordClass,
                        "its component '" + binding.column().component()
                                + "' would be the column 'tenant', which every table has already, for the tenant of the event",
                        "Remove it, or name it differently");
            }
            if (!names.add(name) || isTooLong(name)) {
                throw refused(
                        recordClass,
                        "the column '" + name + "' of its component '"
                                + binding.column().component() + "' is "
                                + (isTooLong(name)
                                        ? "longer than the " + MAX_COLUMN_BYTES + " bytes that PostgreSQL keeps"
                                        : "that of another component as well"),
                        "Name the component differently");
            }
        }
    }

    private static boolean isTooLong(String column) {
        return column.getBytes(StandardCharsets.UTF_8).length > MAX_COLUMN_BYTES;
    }

    private static MethodHandle constructor(Class<?> recordClass, MethodHandles.Lookup lookup) {
        Class<?>[] parameters = Arrays.stream(recordClass.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<?> canonical = recordClass.getDeclaredConstructor(parameters);
            canonical.setAccessible(true);
            return lookup.unreflectConstructor(canonical)
                    .asSpreader(Object[].class, parameters.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw refused(
                    recordClass, "its constructor cannot be called (" + e + ")", "Open its module to io.eventsourcing");
        }
    }

    static ReadModelConfigurationException refused(Class<?> recordClass, String why, String action) {
        return new ReadModelConfigurationException(recordClass.getName() + " cannot be a read model, because " + why
                + ". It was not started. " + action + ".");
    }

    /** The name in snake case: {@code lastHTTPCall2} is {@code last_http_call2}. */
    static String snakeCase(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .replaceAll("([A-Z]+)([A-Z][a-z])", "$1_$2")
                .toLowerCase(Locale.ROOT);
    }

    /**
     * The record.
     *
     * @return its class
     */
    public Class<T> recordClass() {
        return recordClass;
    }

    /**
     * The table that applications know.
     *
     * @return its name
     */
    public String table() {
        return table;
    }

    /**
     * The columns, without that of the tenant.
     *
     * @return the columns, in the order of the record's components
     */
    public List<Column> columns() {
        return columns;
    }

    /**
     * The columns that identify a row, within its tenant.
     *
     * @return the columns, in the order of the record's components
     */
    public List<Column> idColumns() {
        return idBindings.stream().map(ColumnBinding::column).toList();
    }

    /**
     * The place of a column.
     *
     * @param component the name of the record component
     * @return its index in {@link #columns()}
     * @throws IllegalArgumentException if the record has no such component
     */
    public int placeOf(String component) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).component().equals(component)) {
                return i;
            }
        }
        throw new IllegalArgumentException("The read model '" + table + "' has no component '" + component
                + "'. It has "
                + columns.stream().map(Column::component).toList() + ".");
    }

    /**
     * A record as a row.
     *
     * @param tenant whose it is
     * @param value the record
     * @return the row
     * @throws ReadModelException if a value cannot be stored
     */
    public Row toRow(TenantId tenant, T value) {
        List<@Nullable Object> values = new ArrayList<>(bindings.size());
        for (ColumnBinding binding : bindings) {
            values.add(binding.read(value));
        }
        return new Row(tenant, values);
    }

    /**
     * A row as a record.
     *
     * @param row the row
     * @return the record
     * @throws ReadModelException if a value does not fit the record
     */
    public T toRecord(Row row) {
        @Nullable Object[] values = new @Nullable Object[bindings.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = bindings.get(i).fromStored(row.values().get(i));
        }
        try {
            return recordClass.cast(constructor.invokeExact(values));
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new ReadModelException(
                    "The row " + keyOf(row) + " of the read model '" + table
                            + "' cannot be read: the constructor of "
                            + recordClass.getName() + " failed with "
                            + e.getClass().getName()
                            + ". Mend the constructor, or rebuild the read model.",
                    e);
        }
    }

    /**
     * The key of a row.
     *
     * @param row the row
     * @return its key
     */
    public RowKey keyOf(Row row) {
        List<Object> id = new ArrayList<>(idPlaces.length);
        for (int place : idPlaces) {
            id.add(Objects.requireNonNull(row.values().get(place)));
        }
        return new RowKey(row.tenant(), id);
    }

    /**
     * The key with this id.
     *
     * @param tenant whose row it is
     * @param id the values of the components with {@link Id}, in their order
     * @return the key
     * @throws IllegalArgumentException if there are more or less of them, or one is of another class
     */
    public RowKey key(TenantId tenant, Object... id) {
        if (id.length != idBindings.size()) {
            throw new IllegalArgumentException("The id of the read model '" + table + "' has " + idBindings.size()
                    + " components, "
                    + idBindings.stream()
                            .map(binding -> binding.column().component())
                            .toList()
                    + ", but " + id.length + " values were given. Nothing was done. Give one for each.");
        }
        List<Object> stored = new ArrayList<>(id.length);
        for (int i = 0; i < id.length; i++) {
            stored.add(Objects.requireNonNull(idBindings.get(i).toStored(id[i])));
        }
        return new RowKey(tenant, stored);
    }

    /**
     * The order of keys, which all who lock rows keep to: by tenant, then by the id.
     *
     * @return what compares two keys
     */
    public Comparator<RowKey> keyOrder() {
        return (one, other) -> {
            int compared = one.tenant().value().compareTo(other.tenant().value());
            for (int i = 0; compared == 0 && i < idBindings.size(); i++) {
                compared = idBindings
                        .get(i)
                        .column()
                        .type()
                        .compare(one.id().get(i), other.id().get(i));
            }
            return compared;
        };
    }

    /**
     * The stored value for a component.
     *
     * @param place the index in {@link #columns()}
     * @param value what the component would hold
     * @return what is stored
     * @throws ReadModelException if it is of another class, or cannot be stored
     */
    public @Nullable Object toStored(int place, @Nullable Object value) {
        return bindings.get(place).toStored(value);
    }

    /**
     * A row with more in a column of numbers.
     *
     * @param row the row
     * @param place the index in {@link #columns()}
     * @param by what to add
     * @return the other row
     * @throws ReadModelException if the column is null, holds no numbers, or cannot hold the sum
     */
    public Row incremented(Row row, int place, Number by) {
        Column column = columns.get(place);
        Object value = row.values().get(place);
        if (!column.type().isNumber() || value == null) {
            throw notIncremented(row, column, value == null ? "it is null" : "it holds no numbers", null);
        }
        try {
            return row.with(place, StoredValues.add(column.type(), value, by));
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw notIncremented(row, column, "the sum is none that it can hold", e);
        }
    }

    private ReadModelException notIncremented(Row row, Column column, String why, @Nullable Exception cause) {
        String text = "'" + column.component() + "' of the row " + keyOf(row) + " of the read model '" + table
                + "' could not be incremented: " + why
                + ". Nothing of this batch was written. Correct the handler, or the record.";
        return cause == null ? new ReadModelException(text) : new ReadModelException(text, cause);
    }

    /** The record's name and table. */
    @Override
    public String toString() {
        return recordClass.getSimpleName() + " in table '" + table + "'";
    }
}
