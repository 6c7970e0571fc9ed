"""Polling: an app that ordered a test asks for its result, and gets the permission to upload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration

from infra.capability import Capability
from infra.constructs.subscribed_queue import SubscribedQueue
from infra.constructs.vigie_function import VigieFunction
from infra.findings import acknowledge

if TYPE_CHECKING:
    from constructs import Construct

    from infra.access import Access
    from infra.core import Core
    from infra.intake import Intake
    from infra.settings import Settings

_TIMEOUT = Duration.minutes(1)
_EVENTS = ("ResultRecorded", "ResultCorrected", "ResultWithdrawn")
_BATCH = 10
_COPIES = 10
_PATH = "/virology-test/v2"
_ROUTES = (
    (apigateway.HttpMethod.POST, f"{_PATH}/order"),
    (apigateway.HttpMethod.POST, f"{_PATH}/results"),
    (apigateway.HttpMethod.POST, f"{_PATH}/cta-exchange"),
    (apigateway.HttpMethod.GET, f"{_PATH}/openapi.json"),
)


class Polling(Capability):
    """The orders of apps, what comes of them, and the routes for the apps.

    It knows outcomes, and so has nothing to do with tracing; an order knows no person.

    Args:
        scope: the app.
        settings: of the environment.
        core: keys, the events topic, the API.
        intake: keeps the results.
        access: has the key that the ids of upload codes derive from.
    """

    def __init__(
        self, scope: Construct, settings: Settings, core: Core, intake: Intake, access: Access
    ) -> None:
        super().__init__(scope, "polling", settings)
        self._core = core
        self._access = access
        self._orders = self.table("orders", "token", key=core.records)
        self._queue = SubscribedQueue(
            self,
            "OrdersQueue",
            core.messaging,
            name="orders",
            topic=core.events,
            types=_EVENTS,
            consumer_timeout=_TIMEOUT,
        )
        self._order_answering(intake)
        self._result_polling()
        self.publish("OrdersTable", "tables/orders", self._orders.name)
        self.publish("OrdersQueueUrl", "queues/orders", self._queue.queue.queue_url)
        self.publish(
            "OrdersDeadLettersUrl", "queues/orders-dead-letters", self._queue.dead_letters.queue_url
        )

    def _order_answering(self, intake: Intake) -> None:
        core = self._core
        function = VigieFunction(
            self,
            "order_answering",
            settings=self.settings,
            alarms=core.alarms,
            environment={
                "RESULTS_TABLE": intake.results.name,
                "ORDERS_TABLE": self._orders.name,
                "UPLOAD_KEY_ARN": self._access.upload.arn,
                "DEAD_LETTERS_URL": self._queue.dead_letters.queue_url,
            },
            timeout=_TIMEOUT,
        )
        function.reads(self._queue.queue, batch_size=_BATCH, concurrency=_COPIES)
        function.sends_to(self._queue.dead_letters, core.messages)
        intake.results.grant(function.role, "GetItem")
        self._orders.grant(function.role, "UpdateItem")
        self._access.upload.grant_derive(function.role)

    def _result_polling(self) -> None:
        core = self._core
        function = VigieFunction(
            self,
            "result_polling",
            settings=self.settings,
            alarms=core.alarms,
            environment={
                "ORDERS_TABLE": self._orders.name,
                "ORDER_KEY_ARN": core.order.arn,
                "UPLOAD_CODE_KEY_ARN": core.upload_code.arn,
                "ORDER_WEBSITE": self.settings.order_website,
            },
            timeout=Duration.seconds(20),
        )
        self._orders.grant(function.role, "GetItem", "PutItem", "UpdateItem")
        core.order.grant_derive(function.role)
        core.upload_code.grant_sign(function.role)
        for method, path in _ROUTES:
            route = apigateway.HttpRoute(
                self,
                f"{method.value.title()}{path.replace('/', '-')}",
                http_api=core.api,
                route_key=apigateway.HttpRouteKey.with_(path, method),
                integration=HttpLambdaIntegration("ResultPolling", function.function),
                authorizer=None if core.origin is None else core.origin.authorizer,
            )
            if core.origin is None:
                acknowledge(route, "APIG4", "The token of the order authorises the caller.")
