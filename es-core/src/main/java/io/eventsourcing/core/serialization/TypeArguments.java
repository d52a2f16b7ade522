package io.eventsourcing.core.serialization;

import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;

/** Finds out for which classes the type parameters of a generic type stand in a class. Stateless and thread-safe. */
public final class TypeArguments {

    private TypeArguments() {}

    /**
     * The classes that stand for the parameters.
     *
     * @param type the class
     * @param generic a generic class or interface that it extends or implements
     * @return a class for each parameter, {@link Object} where nothing is said; none if it is no such class
     */
    public static List<Class<?>> of(Class<?> type, Class<?> generic) {
        TypeFactory types = TypeFactory.createDefaultInstance();
        JavaType[] found = types.findTypeParameters(types.constructType(type), generic);
        return Arrays.stream(found == null ? new JavaType[0] : found)
                .<Class<?>>map(JavaType::getRawClass)
                .toList();
    }
}
