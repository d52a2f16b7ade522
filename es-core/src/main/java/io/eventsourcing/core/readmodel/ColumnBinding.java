package io.eventsourcing.core.readmodel;

import io.eventsourcing.core.serialization.JsonValues;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** A column, and the record component that it holds. Immutable and thread-safe. */
final class ColumnBinding {

    private final Column column;
    private final String table;
    private final Class<?> componentClass;
    private final Class<?> boxed;
    private final Type componentType;
    private final MethodHandle accessor;
    private final JsonValues json;
    private final boolean isStoredAsItIs;

    private ColumnBinding(
            Column column, String table, RecordComponent component, MethodHandle accessor, JsonValues json) {
        this.column = column;
        this.table = table;
        this.componentClass = component.getType();
        this.boxed = MethodType.methodType(componentClass).wrap().returnType();
        this.componentType = component.getGenericType();
        this.accessor = accessor;
        this.json = json;
        this.isStoredAsItIs = column.type().storedClass() == boxed;
    }

    static ColumnBinding of(
            Class<?> recordClass,
            String table,
            RecordComponent component,
            MethodHandles.Lookup lookup,
            JsonValues json) {
        Class<?> componentClass = component.getType();
        ColumnType type = ColumnType.of(componentClass)
                .orElseThrow(
                        () -> ReadModelType.refused(
                                recordClass,
                                "no column holds a " + componentClass.getName() + ", as its component '"
                                        + component.getName() + "' does",
                                "Take a text, number, boolean, UUID, date, time, Instant, enum, byte[], list, set, map or record"));
        Column column = new Column(
                ReadModelType.snakeCase(component.getName()),
                component.getName(),
                type,
                component.getAnnotatedType().isAnnotationPresent(Nullable.class),
                component.isAnnotationPresent(Id.class));
        if (column.isId() && (column.isNullable() || !type.mayIdentify())) {
            throw ReadModelType.refused(
                    recordClass,
                    "its component '" + component.getName() + "' cannot tell rows apart: it is "
                            + (column.isNullable() ? "@Nullable" : "a " + componentClass.getSimpleName()),
                    "Take a text, enum, whole number, UUID, date, time or Instant that is never null for an @Id");
        }
        return new ColumnBinding(column, table, component, accessor(recordClass, component, lookup), json);
    }

    private static MethodHandle accessor(Class<?> recordClass, RecordComponent component, MethodHandles.Lookup lookup) {
        try {
            component.getAccessor().setAccessible(true);
            return lookup.unreflect(component.getAccessor()).asType(MethodType.methodType(Object.class, Object.class));
        } catch (IllegalAccessException | RuntimeException e) {
            throw ReadModelType.refused(
                    recordClass,
                    "its component '" + component.getName() + "' cannot be read (" + e + ")",
                    "Open its module to io.eventsourcing");
        }
    }

    Column column() {
        return column;
    }

    /** The stored value of a record's component. */
    @Nullable
    Object read(Object value) {
        try {
            return toStored(accessor.invokeExact(value));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw notStorable("its accessor failed with " + e.getClass().getName(), e);
        }
    }

    /** The stored value of what the component holds, or would hold. */
    @Nullable
    Object toStored(@Nullable Object value) {
        if (value == null) {
            if (!column.isNullable()) {
                throw notStorable("it is null, but the component is not @Nullable", null);
            }
            return null;
        }
        if (!boxed.isInstance(value)) {
            throw notStorable(
                    "it is a " + value.getClass().getName() + ", and the component a " + componentClass.getName(),
                    null);
        }
        try {
            return column.type() == ColumnType.JSON
                    ? json.write(value, componentType)
                    : StoredValues.toStored(column.type(), value);
        } catch (IllegalArgumentException e) {
            throw notStorable(String.valueOf(e.getMessage()), e);
        }
    }

    /** What the component holds of a stored value. */
    @Nullable
    Object fromStored(@Nullable Object stored) {
        if (stored == null) {
            if (componentClass.isPrimitive()) {
                throw notReadable("it is null", null);
            }
            return null;
        }
        if (isStoredAsItIs && !(stored instanceof byte[])) {
            return stored;
        }
        try {
            return column.type() == ColumnType.JSON
                    ? json.read((String) stored, componentType)
                    : StoredValues.fromStored(componentClass, stored);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw notReadable("it does not fit a " + componentClass.getName(), e);
        }
    }

    private ReadModelException notStorable(String why, @Nullable Throwable cause) {
        String text = "The value of '" + column.component() + "' of the read model '" + table + "' cannot be stored: "
                + why + ". Nothing of this batch was written. Correct the handler, or the record.";
        return cause == null ? new ReadModelException(text) : new ReadModelException(text, cause);
    }

    private ReadModelException notReadable(String why, @Nullable Throwable cause) {
        String text = "The column '" + column.name() + "' of the read model '" + table + "' cannot be read: " + why
                + ". Correct the record, or rebuild the read model.";
        return cause == null ? new ReadModelException(text) : new ReadModelException(text, cause);
    }
}
