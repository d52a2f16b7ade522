package io.eventsourcing.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventsourcing.core.event.AppendRequest;
import io.eventsourcing.core.event.AppendResult;
import io.eventsourcing.core.event.EventStorePort;
import io.eventsourcing.core.event.RecordedEvent;
import io.eventsourcing.core.readmodel.ReadModelConfigurationException;
import io.eventsourcing.core.readmodel.ReadModelPort;
import io.eventsourcing.core.readmodel.ReadModelUpdaterPort;
import io.eventsourcing.core.stream.ExpectedVersion;
import io.eventsourcing.core.stream.StreamId;
import io.eventsourcing.core.subscription.EventHandler;
import io.eventsourcing.core.subscription.EventSubscriber;
import io.eventsourcing.projection.LiveProjections;
import io.eventsourcing.projection.Projection;
import io.eventsourcing.projection.ProjectionConfigurationException;
import io.eventsourcing.projection.ProjectionMode;
import io.eventsourcing.projection.ProjectionStatus;
import io.eventsourcing.projection.Projections;
import io.eventsourcing.projection.ReadModels;
import io.eventsourcing.projection.SequencingKey;
import io.eventsourcing.spring.shop.Shop;
import io.eventsourcing.spring.shop.ShopEvent.ArticleSold;
import io.eventsourcing.spring.shop.ShopEvent.ShopOpened;
import io.eventsourcing.spring.shop.ShopSummary;
import io.eventsourcing.spring.unfit.UnfitReadModel;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Projections of an application, in memory. */
class ProjectionAutoConfigurationTest {

    private static final StreamId SHOP = StreamId.of("shop", "s-1");

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    EventSerializationAutoConfiguration.class,
                    EventStoreAutoConfiguration.class,
                    SubscriptionAutoConfiguration.class,
                    ReadModelAutoConfiguration.class,
                    ProjectionAutoConfiguration.class))
            .withUserConfiguration(Shop.class, Reader.class)
            .withPropertyValues("eventsourcing.store=memory");

    @Test
    void runsTheProjectionsThatItFindsAndReadsWhatTheyWrite() {
        runner.withUserConfiguration(ShopSummaries.class).run(context -> {
            sellOne(context);
            assertThat(context.getBean(Reader.class).summaries.get("s-1")).contains(new ShopSummary("s-1", "Fish", 1));
        });
    }

    private static void sellOne(AssertableApplicationContext context) throws InterruptedException {
        append(context, new ShopOpened("Fish"));
        AppendResult sold = append(context, new ArticleSold("eel", BigDecimal.TEN, Instant.EPOCH));
        assertThat(context.getBean(Projections.class).await("shop-summaries", sold, Duration.ofSeconds(10)))
                .isTrue();
    }

    private static AppendResult append(AssertableApplicationContext context, Object event) {
        return context.getBean(EventStorePort.class).append(AppendRequest.of(SHOP, ExpectedVersion.any(), event));
    }

    @Test
    void anInlineProjectionIsPartOfTheAppend() {
        runner.withUserConfiguration(AtOnce.class).run(context -> {
            append(context, new ShopOpened("Fish"));
            assertThat(context.getBean(Reader.class).summaries.get("s-1")).isPresent();
        });
    }

    @Test
    void aLiveProjectionAnswersFromTheEvents() {
        runner.withUserConfiguration(OnDemand.class)
                .withPropertyValues("eventsourcing.subscriptions.enabled=false")
                .run(context -> {
                    append(context, new ShopOpened("Fish"));
                    LiveProjections live = context.getBean(LiveProjections.class);
                    assertThat(live.ofStream("on-demand", SHOP).get(ShopSummary.class, "s-1"))
                            .contains(new ShopSummary("s-1", "Fish", 0));
                    assertThat(live.ofLog("on-demand").all(ShopSummary.class)).hasSize(1);
                    assertThat(context.getBean(Reader.class).summaries.get("s-1"))
                            .isEmpty();
                });
    }

    @Test
    void whatAHelperOfAProjectionWritesBelongsToIt() {
        runner.withUserConfiguration(WithHelper.class).run(context -> {
            append(context, new ShopOpened("Fish"));
            await().until(() ->
                    context.getBean(Reader.class).summaries.get("s-1").isPresent());
        });
    }

    @Test
    void aProjectionMayBeBehindAProxy() {
        runner.withUserConfiguration(Proxied.class).run(context -> {
            sellOne(context);
            assertThat(context.getBean(Reader.class).summaries.get("s-1")).isPresent();
        });
    }

    @Test
    void goesOnWhenTheContextIsStartedAgain() {
        runner.withUserConfiguration(ShopSummaries.class).run(context -> {
            sellOne(context);
            context.getSourceApplicationContext().stop();
            assertThat(context.getBean(Projections.class).status()).isEmpty();
            context.getSourceApplicationContext().start();
            AppendResult sold = append(context, new ArticleSold("eel", BigDecimal.TEN, Instant.EPOCH));
            assertThat(context.getBean(Projections.class).await("shop-summaries", sold, Duration.ofSeconds(10)))
                    .isTrue();
            assertThat(context.getBean(Reader.class).summaries.get("s-1"))
                    .map(ShopSummary::sold)
                    .contains(2L);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "off", "no", "0"})
    void runsNoneWhereSubscriptionsAreSwitchedOff(String off) {
        runner.withUserConfiguration(ShopSummaries.class)
                .withPropertyValues("eventsourcing.subscriptions.enabled=" + off)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBeanFactory().containsSingleton("logTail"))
                            .isFalse();
                    assertThat(context.getBean(Reader.class).summaries.get("s-1"))
                            .isEmpty();
                });
    }

    @Test
    void anUpdaterOfTheApplicationsOwnComesFirst() {
        runner.withUserConfiguration(OwnReader.class)
                .run(context ->
                        assertThat(context.getBean(Reader.class).summaries).isSameAs(context.getBean("own")));
    }

    @Test
    void refusesTwoProjectionsOfOneName() {
        runner.withUserConfiguration(ShopSummaries.class, Twin.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(ProjectionConfigurationException.class)
                        .hasMessageContaining("'shopSummaries' and 'projectionAutoConfigurationTest.Twin'")
                        .hasMessageContaining("'shop-summaries'"));
    }

    @Test
    void refusesTwoProjectionsOfOneReadModel() {
        runner.withUserConfiguration(ShopSummaries.class, Rival.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(ProjectionConfigurationException.class)
                        .hasMessageContaining("'shop_summary'")
                        .hasMessageContaining("'rival'"));
    }

    @Test
    void refusesAProjectionThatIsASubscriberAsWell() {
        runner.withUserConfiguration(Both.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(ProjectionConfigurationException.class)
                        .hasMessageContaining("@EventSubscriber"));
    }

    @Test
    void refusesAProjectionThatWritesNothing() {
        runner.withUserConfiguration(Idle.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(ProjectionConfigurationException.class)
                        .hasMessageContaining("it writes no read model"));
    }

    @Test
    void refusesARecordThatCannotBeAReadModel() {
        runner.withUserConfiguration(UnfitReadModel.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(ReadModelConfigurationException.class)
                        .hasMessageContaining(UnfitReadModel.WithoutId.class.getName()));
    }

    @Test
    void aProjectionThatStoppedIsNotHealthy() {
        runner.withUserConfiguration(Keyless.class).run(context -> {
            append(context, new ShopOpened("Fish"));
            EventLogHealthIndicator health = context.getBean(EventLogHealthIndicator.class);
            await().until(() -> health.health().getStatus().equals(Status.DOWN));
            assertThat(health.health().getDetails().get("subscriptions"))
                    .asString()
                    .contains("keyless", "cannot tell the sequencing key");
            assertThat(context.getBean(Projections.class).status())
                    .extracting(ProjectionStatus::problem)
                    .asString()
                    .contains("cannot tell the sequencing key");
        });
    }

    static class Reader {

        final ReadModelPort<ShopSummary> summaries;

        Reader(ReadModelPort<ShopSummary> summaries) {
            this.summaries = summaries;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnReader {

        @Bean
        ReadModelPort<ShopSummary> own(ReadModels readModels) {
            return readModels.reader(ShopSummary.class);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithHelper {

        @Bean
        Helper helper(ReadModelUpdaterPort<ShopSummary> summaries) {
            return new Helper(summaries);
        }

        @Bean
        Helped helped(Helper helper) {
            return new Helped(helper);
        }
    }

    record Helper(ReadModelUpdaterPort<ShopSummary> summaries) {}

    @Projection(name = "helped")
    static class Helped {

        private final Helper helper;

        Helped(Helper helper) {
            this.helper = helper;
        }

        @EventHandler
        void opened(ShopOpened event) {
            helper.summaries().upsert(new ShopSummary("s-1", event.shopName(), 0));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Proxied {

        @Bean
        ShopSummaries proxied(ReadModelUpdaterPort<ShopSummary> summaries) {
            return new ShopSummaries(summaries);
        }

        @Bean
        static BeanPostProcessor proxies() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    if (!(bean instanceof ShopSummaries)) {
                        return bean;
                    }
                    ProxyFactory proxies = new ProxyFactory(bean);
                    proxies.setProxyTargetClass(true);
                    return proxies.getProxy();
                }
            };
        }
    }

    @Projection(name = "shop-summaries")
    static class Twin extends ShopSummaries {

        Twin(ReadModelUpdaterPort<ShopSummary> summaries) {
            super(summaries);
        }
    }

    @Projection(name = "at-once", mode = ProjectionMode.INLINE)
    static class AtOnce extends ShopSummaries {

        AtOnce(ReadModelUpdaterPort<ShopSummary> summaries) {
            super(summaries);
        }
    }

    @Projection(name = "on-demand", mode = ProjectionMode.LIVE)
    static class OnDemand extends ShopSummaries {

        OnDemand(ReadModelUpdaterPort<ShopSummary> summaries) {
            super(summaries);
        }
    }

    @Projection(name = "rival")
    static class Rival extends ShopSummaries {

        Rival(ReadModelUpdaterPort<ShopSummary> summaries) {
            super(summaries);
        }
    }

    @Projection(name = "both")
    @EventSubscriber(name = "both")
    static class Both extends ShopSummaries {

        Both(ReadModelUpdaterPort<ShopSummary> summaries) {
            super(summaries);
        }
    }

    @Projection(name = "keyless")
    static class Keyless extends ShopSummaries {

        Keyless(ReadModelUpdaterPort<ShopSummary> summaries) {
            super(summaries);
        }

        @SequencingKey
        String key(RecordedEvent event) {
            throw new IllegalStateException("no key for " + event.type());
        }
    }

    @Projection(name = "idle")
    static class Idle {

        @EventHandler
        void opened(ShopOpened event) {}
    }
}
