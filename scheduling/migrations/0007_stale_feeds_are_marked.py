
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('scheduling', '0006_published_feeds'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='booking',
            trigger=pgtrigger.compiler.Trigger(name='claim_insert_marks_feeds', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO scheduling_feedmark (event_id, staff_id, is_public) SELECT event_id, staff_id, false FROM new_values AS own WHERE staff_id IS NOT NULL; RETURN NULL;', hash='f8d4d2e6b0c93a27d3e420afd26e9c93c2825093', level='STATEMENT', operation='INSERT', pgid='pgtrigger_claim_insert_marks_feeds_b5437', referencing='REFERENCING NEW TABLE AS new_values ', table='scheduling_booking', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='booking',
            trigger=pgtrigger.compiler.Trigger(name='claim_delete_marks_feeds', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO scheduling_feedmark (event_id, staff_id, is_public) SELECT event_id, staff_id, false FROM old_values AS own WHERE staff_id IS NOT NULL; RETURN NULL;', hash='c3cf6e52b3d88e5a06f6e12b9591c2ec0d8bbd9f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_claim_delete_marks_feeds_d6f6a', referencing='REFERENCING OLD TABLE AS old_values ', table='scheduling_booking', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='booking',
            trigger=pgtrigger.compiler.Trigger(name='claim_update_marks_feeds', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO scheduling_feedmark (event_id, staff_id, is_public) SELECT event_id, staff_id, false FROM old_values AS own WHERE staff_id IS NOT NULL UNION SELECT event_id, staff_id, false FROM new_values AS own WHERE staff_id IS NOT NULL; RETURN NULL;', hash='6ae3a00c42a351be3af96cc7434d8c91243a22f0', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_claim_update_marks_feeds_89e8f', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scheduling_booking', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='event_insert_marks_feeds', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO scheduling_feedmark (event_id, beat_id, program, is_public) SELECT event.id, event.beat_id, event.program, event.classification = 'public' AND event.status <> 'tentative' AND event.program <> 'security-survey' FROM new_values AS event; RETURN NULL;", hash='ebe410118f4ffcbbefd4935969a0d20f6f61f752', level='STATEMENT', operation='INSERT', pgid='pgtrigger_event_insert_marks_feeds_6e984', referencing='REFERENCING NEW TABLE AS new_values ', table='scheduling_event', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='event_delete_marks_feeds', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO scheduling_feedmark (event_id, beat_id, program, is_public) SELECT event.id, event.beat_id, event.program, event.classification = 'public' AND event.status <> 'tentative' AND event.program <> 'security-survey' FROM old_values AS event; RETURN NULL;", hash='d0142e8bea43cc319c6a5a9f3cd3c8c19a2ee5fb', level='STATEMENT', operation='DELETE', pgid='pgtrigger_event_delete_marks_feeds_a30a0', referencing='REFERENCING OLD TABLE AS old_values ', table='scheduling_event', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='event_update_marks_feeds', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO scheduling_feedmark (event_id, beat_id, program, is_public) SELECT event.id, event.beat_id, event.program, event.classification = 'public' AND event.status <> 'tentative' AND event.program <> 'security-survey' FROM old_values AS event JOIN new_values AS other ON other.id = event.id AND other IS DISTINCT FROM event UNION SELECT event.id, event.beat_id, event.program, event.classification = 'public' AND event.status <> 'tentative' AND event.program <> 'security-survey' FROM new_values AS event JOIN old_values AS other ON other.id = event.id AND other IS DISTINCT FROM event; RETURN NULL;", hash='ae2214110a78611a7e302a99e2d711239d2727e9', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_event_update_marks_feeds_2c400', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scheduling_event', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='eventbeat',
            trigger=pgtrigger.compiler.Trigger(name='beats_insert_marks_feeds', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO scheduling_feedmark (event_id, beat_id, program, is_public) SELECT event.id, own.beat_id, event.program, event.classification = 'public' AND event.status <> 'tentative' AND event.program <> 'security-survey' FROM new_values AS own JOIN scheduling_event AS event ON event.id = own.event_id; RETURN NULL;", hash='aa8a92de23c259acae5178a53f6e9351f7bd86e9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_beats_insert_marks_feeds_7fdab', referencing='REFERENCING NEW TABLE AS new_values ', table='scheduling_event_also_beats', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='eventbeat',
            trigger=pgtrigger.compiler.Trigger(name='beats_delete_marks_feeds', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO scheduling_feedmark (event_id, beat_id, program, is_public) SELECT event.id, own.beat_id, event.program, event.classification = 'public' AND event.status <> 'tentative' AND event.program <> 'security-survey' FROM old_values AS own JOIN scheduling_event AS event ON event.id = own.event_id; RETURN NULL;", hash='02b78a3b907a9620eb6bd178d0a56c2d0c46ffcf', level='STATEMENT', operation='DELETE', pgid='pgtrigger_beats_delete_marks_feeds_bd8b5', referencing='REFERENCING OLD TABLE AS old_values ', table='scheduling_event_also_beats', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='eventbeat',
            trigger=pgtrigger.compiler.Trigger(name='beats_update_marks_feeds', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO scheduling_feedmark (event_id, beat_id, program, is_public) SELECT event.id, own.beat_id, event.program, event.classification = 'public' AND event.status <> 'tentative' AND event.program <> 'security-survey' FROM old_values AS own JOIN scheduling_event AS event ON event.id = own.event_id UNION SELECT event.id, own.beat_id, event.program, event.classification = 'public' AND event.status <> 'tentative' AND event.program <> 'security-survey' FROM new_values AS own JOIN scheduling_event AS event ON event.id = own.event_id; RETURN NULL;", hash='87c3707d492ad62c791fc24480bdc56b100f97ad', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_beats_update_marks_feeds_66c94', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scheduling_event_also_beats', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='eventtext',
            trigger=pgtrigger.compiler.Trigger(name='words_insert_marks_feeds', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO scheduling_feedmark (event_id, is_public) SELECT event.id, event.classification = 'public' AND event.status <> 'tentative' AND event.program <> 'security-survey' FROM new_values AS own JOIN scheduling_event AS event ON event.id = own.event_id; RETURN NULL;", hash='37553b90f5f7285c4ea4d2c76b96241b328ff550', level='STATEMENT', operation='INSERT', pgid='pgtrigger_words_insert_marks_feeds_d55c4', referencing='REFERENCING NEW TABLE AS new_values ', table='scheduling_eventtext', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='eventtext',
            trigger=pgtrigger.compiler.Trigger(name='words_delete_marks_feeds', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO scheduling_feedmark (event_id, is_public) SELECT event.id, event.classification = 'public' AND event.status <> 'tentative' AND event.program <> 'security-survey' FROM old_values AS own JOIN scheduling_event AS event ON event.id = own.event_id; RETURN NULL;", hash='29d773e5bc68b42aa4e2098781f2f23581aef920', level='STATEMENT', operation='DELETE', pgid='pgtrigger_words_delete_marks_feeds_8d630', referencing='REFERENCING OLD TABLE AS old_values ', table='scheduling_eventtext', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='eventtext',
            trigger=pgtrigger.compiler.Trigger(name='words_update_marks_feeds', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO scheduling_feedmark (event_id, is_public) SELECT event.id, event.classification = 'public' AND event.status <> 'tentative' AND event.program <> 'security-survey' FROM old_values AS own JOIN scheduling_event AS event ON event.id = own.event_id UNION SELECT event.id, event.classification = 'public' AND event.status <> 'tentative' AND event.program <> 'security-survey' FROM new_values AS own JOIN scheduling_event AS event ON event.id = own.event_id; RETURN NULL;", hash='1e53528cf0418969f63c1ee28fe5e490ef230211', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_words_update_marks_feeds_1a9da', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scheduling_eventtext', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='watchmeeting',
            trigger=pgtrigger.compiler.Trigger(name='group_insert_marks_feeds', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO scheduling_feedmark (event_id, group_id, is_public) SELECT event.id, own.group_id, event.classification = 'public' AND event.status <> 'tentative' AND event.program <> 'security-survey' FROM new_values AS own JOIN scheduling_event AS event ON event.id = own.event_id; RETURN NULL;", hash='6282f18222b60e9d92c4806353b3417e9776e305', level='STATEMENT', operation='INSERT', pgid='pgtrigger_group_insert_marks_feeds_96c4c', referencing='REFERENCING NEW TABLE AS new_values ', table='scheduling_watchmeeting', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='watchmeeting',
            trigger=pgtrigger.compiler.Trigger(name='group_delete_marks_feeds', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO scheduling_feedmark (event_id, group_id, is_public) SELECT event.id, own.group_id, event.classification = 'public' AND event.status <> 'tentative' AND event.program <> 'security-survey' FROM old_values AS own JOIN scheduling_event AS event ON event.id = own.event_id; RETURN NULL;", hash='e8f2085118b97220c7bb1be30764b5c141d1bb91', level='STATEMENT', operation='DELETE', pgid='pgtrigger_group_delete_marks_feeds_1ac85', referencing='REFERENCING OLD TABLE AS old_values ', table='scheduling_watchmeeting', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='watchmeeting',
            trigger=pgtrigger.compiler.Trigger(name='group_update_marks_feeds', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO scheduling_feedmark (event_id, group_id, is_public) SELECT event.id, own.group_id, event.classification = 'public' AND event.status <> 'tentative' AND event.program <> 'security-survey' FROM old_values AS own JOIN scheduling_event AS event ON event.id = own.event_id UNION SELECT event.id, own.group_id, event.classification = 'public' AND event.status <> 'tentative' AND event.program <> 'security-survey' FROM new_values AS own JOIN scheduling_event AS event ON event.id = own.event_id; RETURN NULL;", hash='3fbb9d945ed11a8a4eafec4ab7e1369de2eb67d7', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_group_update_marks_feeds_1e651', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scheduling_watchmeeting', when='AFTER')),
        ),
    ]
