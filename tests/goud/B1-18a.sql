(feiten.handeling = 'declaratie' AND feiten.raamovereenkomst = 'onbekend' AND feiten.segment IN ('basis', 'geen', 'top') AND feiten.periode_einddatum > '2022-12-31')
