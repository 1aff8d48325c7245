"""Three scripts as a handbook prints them for PagerDuty. Their indentation is restored; nothing else is changed."""

import pdpyras


def create_incident_alert(session, service_id, title, body):
    """创建事件告警"""
    incident = session.rpost('/incidents', json={
        'type': 'incident',
        'title': title,
        'service': {
            'id': service_id,
            'type': 'service_reference'
        },
        'body': {
            'type': 'incident_body',
            'details': body
        }
    })
    return incident


def assign_incident(session, incident_id, user_id):
    """分配事件给指定用户"""
    session.rput(f'/incidents/{incident_id}', json={
        'type': 'incident_reference',
        'id': incident_id,
        'assignments': [
            {
                'assignee': {
                    'id': user_id,
                    'type': 'user_reference'
                }
            }
        ]
    })


def add_incident_note(session, incident_id, content):
    """添加事件备注"""
    session.rpost(f'/incidents/{incident_id}/notes', json={
        'content': content
    })
