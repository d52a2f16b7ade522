package io.eventsourcing.spring.shop;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The whole application, with every auto-configuration on the class path. */
@EnableAutoConfiguration
@Import(Shop.class)
public class ShopApplication {}
