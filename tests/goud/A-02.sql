(feiten.segment = 'onbekend' AND feiten.raamovereenkomst <> 'nieuw' AND feiten.handeling IN ('lopend', 'nieuw', 'verlenging'))
OR (feiten.segment = 'onbekend' AND feiten.raamovereenkomst <> 'nieuw' AND feiten.handeling = 'declaratie' AND feiten.periode_einddatum > '2022-12-31')
