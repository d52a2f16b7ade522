package io.eventsourcing.docs.application;

import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
class OrderApplication {}
