package io.eventsourcing.spring;

import io.eventsourcing.core.readmodel.ReadModel;
import io.eventsourcing.core.readmodel.ReadModelPort;
import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.projection.ReadModels;
import java.util.List;
import java.util.function.BiFunction;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Registers for each record with {@link ReadModel} in the application's packages the beans by which projections write it, and all others
 * read it: so they are injected by their type parameter. Beans of the application come first.
 */
final class ReadModelBeans implements ImportBeanDefinitionRegistrar {

    private final BeanFactory beans;
    private final ResourceLoader resources;

    ReadModelBeans(BeanFactory beans, ResourceLoader resources) {
        this.beans = beans;
        this.resources = resources;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        for (Class<?> recordClass : found()) {
            register(registry, "Updater", ReadModelUpdaterPort.class, recordClass, ReadModels::updater);
            register(registry, "Reader", ReadModelPort.class, recordClass, ReadModels::reader);
        }
    }

    private List<Class<?>> found() {
        if (!AutoConfigurationPackages.has(beans)) {
            return List.of();
        }
        Scanner scanner = new Scanner(resources);
        return AutoConfigurationPackages.get(beans).stream()
                .flatMap(name -> scanner.findCandidateComponents(name).stream())
                .<Class<?>>map(found -> ClassUtils.resolveClassName(
                        String.valueOf(found.getBeanClassName()), resources.getClassLoader()))
                .distinct()
                .toList();
    }

    private void register(
            BeanDefinitionRegistry registry,
            String kind,
            Class<?> port,
            Class<?> recordClass,
            BiFunction<ReadModels, Class<?>, Object> factory) {
        RootBeanDefinition definition = new RootBeanDefinition();
        definition.setTargetType(ResolvableType.forClassWithGenerics(port, recordClass));
        definition.setInstanceSupplier(() -> factory.apply(beans.getBean(ReadModels.class), recordClass));
        definition.setFallback(true);
        registry.registerBeanDefinition("eventsourcing" + kind + "Of-" + recordClass.getName(), definition);
    }

    /** Finds whatever is annotated: what cannot be a read model is refused when its type is made, with the reason. */
    private static final class Scanner extends ClassPathScanningCandidateComponentProvider {

        Scanner(ResourceLoader resources) {
            super(false);
            setResourceLoader(resources);
            addIncludeFilter(new AnnotationTypeFilter(ReadModel.class, false, true));
        }

        @Override
        protected boolean isCandidateComponent(AnnotatedBeanDefinition annotated) {
            return true;
        }
    }
}
